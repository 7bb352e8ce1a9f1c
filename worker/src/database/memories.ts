/** What the database does for memories: finding them, and taking them in by the batch. */

import type { Json } from "#database";
import { z } from "zod";

import { type Matches, parseMatches } from "../recall/candidate.ts";
import { type DatabaseClient, answerOf } from "./client.ts";

const STORE_LIMIT_MS = 20_000;

const storedSchema = z.object({ stored: z.number(), duplicates: z.number(), tokens: z.number() });

export type Stored = Readonly<z.output<typeof storedSchema>>;

const statsSchema = z.object({
  memories: z.number(),
  tokens: z.number(),
  sessions: z.number(),
  waiting_for_vectors: z.number(),
});

export type MemoryStats = Readonly<z.output<typeof statsSchema>>;

/** What a question looks for: always its words, its vector where there is one. */
export type Query = {
  readonly text: string;
  readonly vector: readonly number[] | null;
  readonly model: number;
  readonly maxCandidates: number;
};

/** A memory as it is handed in. */
export type NewMemory = {
  readonly id?: string | undefined;
  readonly role?: string | undefined;
  readonly name?: string | undefined;
  readonly content: string;
  readonly created_at?: string | undefined;
  readonly session_id?: string | undefined;
  readonly metadata?: Json | undefined;
};

export const memoryFunctions = (client: DatabaseClient) => ({
  recallMemories: async (memoryKeyId: string, query: Query, limitMs: number): Promise<Matches> => {
    const call = client.rpc("recall_memories", {
      memory_key_id: memoryKeyId,
      query: query.text,
      embedding: query.vector && JSON.stringify(query.vector),
      model: query.vector && query.model,
      max_candidates: query.maxCandidates,
    });
    return parseMatches(await answerOf("recall_memories", call, limitMs));
  },

  storeMemories: async (
    memoryKeyId: string,
    memories: readonly NewMemory[],
    source: string,
  ): Promise<Stored> => {
    const call = client.rpc("store_memories", {
      memory_key_id: memoryKeyId,
      memories: [...memories],
      source,
    });
    return storedSchema.parse(await answerOf("store_memories", call, STORE_LIMIT_MS));
  },

  memoryStats: async (memoryKeyId: string): Promise<MemoryStats> => {
    const call = client.rpc("memory_stats", { memory_key_id: memoryKeyId });
    return statsSchema.parse(await answerOf("memory_stats", call, STORE_LIMIT_MS));
  },
});

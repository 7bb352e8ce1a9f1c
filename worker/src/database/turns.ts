/** What the database does for turns: the journal, and what becomes of it. */

import type { Json } from "#database";
import { z } from "zod";

import { type Matches, parseMatches } from "../recall/candidate.ts";
import type { BlockMemory, Step, Turn } from "../turns/turn.ts";
import { type DatabaseClient, answerOf } from "./client.ts";

const BEGIN_LIMIT_MS = 5_000;
const JOURNAL_LIMIT_MS = 5_000;
const SWEEP_LIMIT_MS = 20_000;

const begunSchema = z
  .object({
    turn_id: z.uuid(),
    is_same: z.boolean(),
    block: z.string().nullable(),
    block_memories: z.array(z.unknown()).nullable(),
    session_id: z.string(),
    now: z.iso.datetime({ offset: true }),
    recall: z.unknown(),
  })
  .transform((row) => ({
    turnId: row.turn_id,
    isSame: row.is_same,
    block: row.block,
    blockMemoryCount: row.block_memories?.length ?? 0,
    sessionId: row.session_id,
    now: new Date(row.now),
    matches: row.recall ? parseMatches(row.recall) : null,
  }));

/** A turn as the database took it in, with the candidates that words alone find. */
export type Begun = {
  readonly turnId: string;
  /** It goes on with a turn that was begun before, whose block must stand in its place again. */
  readonly isSame: boolean;
  readonly block: string | null;
  readonly blockMemoryCount: number;
  readonly sessionId: string;
  readonly now: Date;
  readonly matches: Matches | null;
};

const completedSchema = z
  .object({
    is_stored: z.boolean(),
    turn_id: z.uuid(),
    tokens_stored: z.number(),
    session_id: z.string(),
  })
  .transform((row) => ({
    isStored: row.is_stored,
    turnId: row.turn_id,
    sessionId: row.session_id,
  }));

export type Completed = Readonly<z.output<typeof completedSchema>>;

export type Piece = {
  readonly turnId: string;
  readonly stepKey: string;
  readonly piece: number;
  readonly pieces: number;
  readonly payload: string;
};

export type Journal = {
  readonly block: string | null;
  readonly memories: readonly BlockMemory[];
  readonly receipt: Json;
};

export const turnFunctions = (client: DatabaseClient) => ({
  beginTurn: async (
    memoryKeyId: string,
    turn: Turn,
    query: string | null,
    maxCandidates: number,
  ): Promise<Begun> => {
    const call = client.rpc("begin_turn", {
      memory_key_id: memoryKeyId,
      turn,
      query,
      max_candidates: maxCandidates,
    });
    return begunSchema.parse(await answerOf("begin_turn", call, BEGIN_LIMIT_MS));
  },

  /** The first block a turn was given stays its block. */
  journalBlock: async (memoryKeyId: string, turnId: string, journal: Journal): Promise<void> => {
    const call = client.rpc("journal_block", {
      memory_key_id: memoryKeyId,
      turn_id: turnId,
      block: journal.block,
      memories: [...journal.memories],
      receipt: journal.receipt,
    });
    await answerOf("journal_block", call, JOURNAL_LIMIT_MS);
  },

  completeTurn: async (
    memoryKeyId: string,
    turn: Turn,
    step: Step,
    limitMs: number,
  ): Promise<Completed> => {
    const call = client.rpc("complete_turn", { memory_key_id: memoryKeyId, turn, step });
    return completedSchema.parse(await answerOf("complete_turn", call, limitMs));
  },

  receiveTurnPiece: async (memoryKeyId: string, piece: Piece, limitMs: number): Promise<void> => {
    const call = client.rpc("receive_turn_piece", {
      memory_key_id: memoryKeyId,
      turn_id: piece.turnId,
      step_key: piece.stepKey,
      piece: piece.piece,
      pieces: piece.pieces,
      payload: piece.payload,
    });
    await answerOf("receive_turn_piece", call, limitMs);
  },

  sweepTurns: async (): Promise<number> =>
    z.number().parse(await answerOf("sweep_turns", client.rpc("sweep_turns"), SWEEP_LIMIT_MS)),
});

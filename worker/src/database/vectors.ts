/** What the database does for vectors: it says which texts wait for one, and takes them in. */

import { z } from "zod";

import { type DatabaseClient, answerOf } from "./client.ts";

const LIMIT_MS = 15_000;

const pendingSchema = z.object({
  // A bigint, which arrives as a number or as text and goes back as it came.
  session_number: z.union([z.number(), z.string()]),
  position: z.number(),
  kind: z.enum(["turn", "window"]),
  stamp: z.number(),
  text: z.string(),
});

export type PendingVector = Readonly<z.output<typeof pendingSchema>>;

export type NewVector = Omit<PendingVector, "text"> & { readonly embedding: string };

export const vectorFunctions = (client: DatabaseClient) => ({
  pendingVectors: async (
    memoryKeyId: string,
    maxTexts: number,
  ): Promise<readonly PendingVector[]> => {
    const call = client.rpc("pending_vectors", { memory_key_id: memoryKeyId, max_texts: maxTexts });
    return z.array(pendingSchema).parse(await answerOf("pending_vectors", call, LIMIT_MS));
  },

  storeVectors: async (
    memoryKeyId: string,
    model: number,
    vectors: readonly NewVector[],
  ): Promise<number> => {
    const call = client.rpc("store_vectors", {
      memory_key_id: memoryKeyId,
      model,
      vectors: [...vectors],
    });
    return z.number().parse(await answerOf("store_vectors", call, LIMIT_MS));
  },

  keysAwaitingVectors: async (maxKeys: number): Promise<readonly string[]> => {
    const call = client.rpc("keys_awaiting_vectors", { max_keys: maxKeys });
    return z.array(z.uuid()).parse(await answerOf("keys_awaiting_vectors", call, LIMIT_MS));
  },
});

/** What the database does for responses that a provider keeps: it knows whose they are. */

import { z } from "zod";

import { type DatabaseClient, answerOf } from "./client.ts";

const FIND_LIMIT_MS = 4_000;

export type NewResponse = {
  readonly id: string;
  readonly provider: string;
  /** Null with memory off. */
  readonly turnId: string | null;
  readonly sessionId: string | null;
  /** The response it goes on with. */
  readonly previousId: string | null;
};

const keptResponseSchema = z
  .object({
    provider: z.string(),
    session_id: z.string().nullable(),
    memory_ids: z.array(z.string()),
    turn_ids: z.array(z.string()),
  })
  .transform((row) => ({
    provider: row.provider,
    sessionId: row.session_id,
    history: { memoryIds: row.memory_ids, turnIds: row.turn_ids },
  }));

/** A response that this key made, with what it and all it goes on with consist of. */
export type KeptResponse = Readonly<z.output<typeof keptResponseSchema>>;

export const responseFunctions = (client: DatabaseClient) => ({
  recordResponse: async (
    memoryKeyId: string,
    response: NewResponse,
    limitMs: number,
  ): Promise<void> => {
    const call = client.rpc("record_response", {
      memory_key_id: memoryKeyId,
      response_id: response.id,
      provider: response.provider,
      turn_id: response.turnId,
      session_id: response.sessionId,
      previous_id: response.previousId,
    });
    await answerOf("record_response", call, limitMs);
  },

  /** Null when this key made none of that id, whoever else did. */
  findResponse: async (memoryKeyId: string, responseId: string): Promise<KeptResponse | null> => {
    const call = client.rpc("find_response", {
      memory_key_id: memoryKeyId,
      response_id: responseId,
    });
    return keptResponseSchema
      .nullable()
      .parse(await answerOf("find_response", call, FIND_LIMIT_MS));
  },
});

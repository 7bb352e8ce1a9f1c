/** What the database does for memory keys. */

import { z } from "zod";

import { type DatabaseClient, answerOf } from "./client.ts";

const OPEN_LIMIT_MS = 4_000;
const MINT_LIMIT_MS = 10_000;

const mintedKeySchema = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string().nullable(),
  created_at: z.string(),
});

export type MintedKey = Readonly<z.output<typeof mintedKeySchema>>;

export type NewKey = {
  readonly name?: string | undefined;
  readonly external_id?: string | undefined;
  readonly mode?: string | undefined;
  readonly expires_at?: string | undefined;
  readonly token_cap?: number | undefined;
};

export const memoryKeyFunctions = (client: DatabaseClient) => ({
  /** The raw answer, which the lease seals as it is. Null for a key that opens nothing. */
  openMemoryKey: (keyHash: string): Promise<unknown> =>
    answerOf(
      "open_memory_key",
      client.rpc("open_memory_key", { key_hash: keyHash }),
      OPEN_LIMIT_MS,
    ),

  mintMemoryKey: async (mintingKeyId: string, key: NewKey): Promise<MintedKey> => {
    const call = client.rpc("mint_memory_key", {
      minting_key_id: mintingKeyId,
      name: key.name ?? null,
      external_id: key.external_id ?? null,
      mode: key.mode ?? null,
      expires_at: key.expires_at ?? null,
      token_cap: key.token_cap ?? null,
    });
    return mintedKeySchema.parse(await answerOf("mint_memory_key", call, MINT_LIMIT_MS));
  },
});

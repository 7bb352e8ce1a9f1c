/** A memory key that was presented, recognised and may act: what it opens and what it may do. */

import { z } from "zod";

const providerKeySchema = z.object({ id: z.string(), provider: z.string(), secret: z.string() });

const memoryKeySchema = z
  .object({
    memory_key_id: z.uuid(),
    user_id: z.uuid(),
    mode: z.enum(["on", "read", "write", "off"]),
    may_mint: z.boolean(),
    on_disconnect: z.enum(["drain", "stop"]),
    embedding: z.enum(["hosted", "words"]),
    token_cap: z.coerce.number().nullable(),
    tokens_stored_this_month: z.coerce.number(),
    is_memory_read_only: z.boolean(),
    expires_at: z.iso.datetime({ offset: true }).nullable(),
    read_at: z.iso.datetime({ offset: true }),
    provider_keys: z.array(providerKeySchema),
  })
  .transform((row) => ({
    id: row.memory_key_id,
    userId: row.user_id,
    mode: row.mode,
    mayMint: row.may_mint,
    onDisconnect: row.on_disconnect,
    embedding: row.embedding,
    tokenCap: row.token_cap,
    tokensStoredThisMonth: row.tokens_stored_this_month,
    isMemoryReadOnly: row.is_memory_read_only,
    expiresAtMs: row.expires_at === null ? null : Date.parse(row.expires_at),
    readAtMs: Date.parse(row.read_at),
    providerKeys: row.provider_keys,
  }));

export type MemoryKey = Readonly<z.output<typeof memoryKeySchema>>;

/** Reads the answer of `open_memory_key`, fresh or out of a cache. */
export function parseMemoryKey(answer: unknown): MemoryKey {
  return memoryKeySchema.parse(answer);
}

/** Memory keys, as the dashboard reads and changes them. */

import { queryOptions, useQueryClient } from "@tanstack/react-query";
import * as z from "zod/mini";

import { database } from "@/lib/supabase";
import { useOptimisticList } from "@/lib/use-optimistic-list";

export const memoryKeysQuery = queryOptions({
  queryKey: ["memory-keys"],
  queryFn: ({ signal }) => listMemoryKeys(signal),
});

export type MemoryKey = Awaited<ReturnType<typeof listMemoryKeys>>[number];

/** The keys made here. Those that a program minted may be one per end user. */
async function listMemoryKeys(signal: AbortSignal) {
  const { data } = await database
    .from("memory_keys")
    .select(
      "id, name, prefix, last_four, mode, is_active, memory_token_count, token_cap, created_at, last_used_at, expires_at",
    )
    .is("minted_by", null)
    .order("created_at", { ascending: false })
    .abortSignal(signal)
    .throwOnError();
  return data;
}

export const mintedKeysCountQuery = queryOptions({
  queryKey: ["memory-keys", "minted-count"],
  queryFn: async ({ signal }) => {
    const { count } = await database
      .from("memory_keys")
      .select("id", { count: "exact", head: true })
      .not("minted_by", "is", null)
      .abortSignal(signal)
      .throwOnError();
    return count ?? 0;
  },
});

export const modes = ["on", "read", "write", "off"] as const;

export type Mode = (typeof modes)[number];

export type NewMemoryKey = {
  readonly name: string;
  readonly mode: Mode;
  readonly expiresAt: string | null;
  readonly tokenCap: number | null;
};

const createdSchema = z.object({ id: z.string(), key: z.string(), name: z.string() });

/** A key in full, which exists in the memory of one component and nowhere else. */
export type CreatedMemoryKey = z.output<typeof createdSchema>;

/**
 * Makes a key and resolves to it in full, which is the only time that is possible.
 *
 * Not a mutation: the cache would keep its result, and with it the secret.
 */
export function useCreateMemoryKey() {
  const queryClient = useQueryClient();
  return async ({ name, mode, expiresAt, tokenCap }: NewMemoryKey): Promise<CreatedMemoryKey> => {
    const { data } = await database
      .rpc("create_memory_key", {
        name,
        mode,
        ...(expiresAt !== null && { expires_at: expiresAt }),
        ...(tokenCap !== null && { token_cap: tokenCap }),
      })
      .throwOnError();
    void queryClient.invalidateQueries({ queryKey: memoryKeysQuery.queryKey });
    return createdSchema.parse(data);
  };
}

type MemoryKeyChange = {
  readonly id: string;
  readonly name?: string;
  readonly is_active?: boolean;
};

/** Renames, disables or enables: shown at once, taken back if the database refuses. */
export function useChangeMemoryKey() {
  return useOptimisticList({
    queryKey: memoryKeysQuery.queryKey,
    mutationFn: async ({ id, ...change }: MemoryKeyChange) => {
      await database
        .from("memory_keys")
        .update(change)
        .eq("id", id)
        .select("id")
        .single()
        .throwOnError();
    },
    apply: (keys: MemoryKey[], { id, ...change }) =>
      keys.map((key) => (key.id === id ? { ...key, ...change } : key)),
  });
}

/** Deletes a key with everything it remembers. */
export function useDeleteMemoryKey() {
  return useOptimisticList({
    queryKey: memoryKeysQuery.queryKey,
    mutationFn: async ({ id }: { readonly id: string }) => {
      await database.from("memory_keys").delete().eq("id", id).throwOnError();
    },
    apply: (keys: MemoryKey[], { id }) => keys.filter((key) => key.id !== id),
  });
}

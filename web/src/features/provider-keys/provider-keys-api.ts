/** Provider keys, as the dashboard reads and changes them. Their secrets only ever go in. */

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { callFunction } from "@/lib/call-function";
import { FunctionError } from "@/lib/function-error";
import { database } from "@/lib/supabase";
import { useOptimisticList } from "@/lib/use-optimistic-list";

import type { ProviderId } from "./providers";

export const providerKeysQuery = queryOptions({
  queryKey: ["provider-keys"],
  queryFn: ({ signal }) => listProviderKeys(signal),
});

export type ProviderKey = Awaited<ReturnType<typeof listProviderKeys>>[number];

async function listProviderKeys(signal: AbortSignal) {
  const { data } = await database
    .from("provider_keys")
    .select(
      "id, provider, nickname, last_four, is_active, last_checked_at, last_check_result, created_at",
    )
    .order("created_at")
    .abortSignal(signal)
    .throwOnError();
  return data;
}

export type NewProviderKey = {
  readonly provider: ProviderId;
  readonly secret: string;
  readonly nickname: string;
};

/**
 * Has a key tried and stored; resolves to whether its account can pay.
 *
 * Not a mutation: the cache would keep its variables, and with them the secret.
 */
export function useAddProviderKey() {
  const queryClient = useQueryClient();
  return async (key: NewProviderKey): Promise<"valid" | "no_credit"> => {
    const result = await callFunction("/provider-keys", key).then(
      () => "valid" as const,
      (error: unknown) => {
        // The one refusal after which the key is stored all the same.
        if (error instanceof FunctionError && error.code === "no_credit")
          return "no_credit" as const;
        throw error;
      },
    );
    await queryClient.invalidateQueries({ queryKey: providerKeysQuery.queryKey });
    return result;
  };
}

/** Asks the provider about a stored key again. */
export function useCheckProviderKey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: { readonly id: string }) => callFunction(`/provider-keys/${id}/check`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: providerKeysQuery.queryKey }),
  });
}

type ProviderKeyChange = {
  readonly id: string;
  readonly nickname?: string | null;
  readonly is_active?: boolean;
};

export function useChangeProviderKey() {
  return useOptimisticList({
    queryKey: providerKeysQuery.queryKey,
    mutationFn: async ({ id, ...change }: ProviderKeyChange) => {
      await database
        .from("provider_keys")
        .update(change)
        .eq("id", id)
        .select("id")
        .single()
        .throwOnError();
    },
    apply: (keys: ProviderKey[], { id, ...change }) =>
      keys.map((key) => (key.id === id ? { ...key, ...change } : key)),
  });
}

export function useDeleteProviderKey() {
  return useOptimisticList({
    queryKey: providerKeysQuery.queryKey,
    mutationFn: async ({ id }: { readonly id: string }) => {
      await database.from("provider_keys").delete().eq("id", id).throwOnError();
    },
    apply: (keys: ProviderKey[], { id }) => keys.filter((key) => key.id !== id),
  });
}

/** Wires the function to Supabase and the providers. The only file here that knows about Deno. */

import { createClient, isAuthRetryableFetchError } from "@supabase/supabase-js";
import { z } from "zod";

import type { Database } from "../_shared/database.types.ts";
import { requireEnv } from "../_shared/require-env.ts";
import { readSecretKey } from "../_shared/secret-key.ts";
import { createCheckKey } from "./check-key.ts";
import { createHandler } from "./handler.ts";
import { providerIds, resolveOrigins } from "./vendors.ts";

const database = createClient<Database>(requireEnv("SUPABASE_URL"), readSecretKey(), {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
});

const overrides = z
  .partialRecord(z.enum(providerIds), z.url())
  .parse(JSON.parse(Deno.env.get("PROVIDER_ORIGINS") || "{}"));

const handler = createHandler(
  {
    identify: async (token) => {
      const { data, error } = await database.auth.getClaims(token);
      // Auth that cannot be asked has not said that the session is over.
      if (isAuthRetryableFetchError(error)) throw error;
      return data?.claims.role === "authenticated" ? data.claims.sub : null;
    },
    checkKey: createCheckKey({ origins: resolveOrigins(overrides), fetch, timeoutMs: 8_000 }),
    storeKey: async ({ userId, provider, secret, nickname, checkResult }) => {
      const { data } = await database
        .rpc("store_provider_key", {
          user_id: userId,
          provider,
          secret,
          ...(nickname !== null && { nickname }),
          check_result: checkResult,
        })
        .throwOnError();
      return data;
    },
    revealKey: async (userId, id) => {
      const { data } = await database
        .rpc("reveal_provider_key", { user_id: userId, provider_key_id: id })
        .throwOnError();
      return data;
    },
    recordCheck: async (userId, id, result) => {
      const { data } = await database
        .rpc("record_provider_key_check", {
          user_id: userId,
          provider_key_id: id,
          check_result: result,
        })
        .throwOnError();
      return data;
    },
    newRequestId: () => `req_${crypto.randomUUID().replaceAll("-", "")}`,
    logError: (requestId, cause) => {
      // Only the error's kind: a database's message may quote what was being stored.
      const { name, code } = z
        .looseObject({ name: z.string().optional(), code: z.string().optional() })
        .catch({})
        .parse(cause);
      // oxlint-disable-next-line no-console -- the one place where this function writes to its log
      console.error(
        JSON.stringify({
          level: "error",
          function: "provider-keys",
          request_id: requestId,
          name,
          code,
        }),
      );
    },
  },
  requireEnv("APP_ORIGIN").split(","),
);

export default { fetch: handler } satisfies Deno.ServeDefaultExport;

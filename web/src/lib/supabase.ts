/**
 * Who is signed in, and what their rows are.
 *
 * These are the two parts of supabase-js that the dashboard uses, put together as supabase-js
 * does it. Its other parts would be a tenth of what a first visit has to load.
 */

import { AuthClient } from "@supabase/auth-js";
import { PostgrestClient } from "@supabase/postgrest-js";

import type { Database } from "#database";
import { env } from "@/lib/env";

const headers = { apikey: env.publishableKey };

export const auth = new AuthClient({
  url: `${env.supabaseUrl}/auth/v1`,
  headers,
  storageKey: "memoryrouter-session",
  flowType: "pkce",
  // `/auth/callback` and `/auth/confirm` read the address themselves, each in its own time.
  detectSessionInUrl: false,
});

/** Tables and functions as the one who is signed in; what comes back is the database's decision. */
export const database = new PostgrestClient<Database>(`${env.supabaseUrl}/rest/v1`, {
  headers,
  fetch: async (input, init) => {
    const authorized = new Headers(init?.headers);
    authorized.set("authorization", `Bearer ${await accessToken()}`);
    return fetch(input, { ...init, headers: authorized });
  },
});

/** Fresh for at least a while: a token about to expire is renewed first. */
export async function accessToken(): Promise<string> {
  const { data } = await auth.getSession();
  return data.session?.access_token ?? env.publishableKey;
}

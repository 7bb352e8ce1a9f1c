/** The one client for Supabase: who is signed in, and what their rows are. */

import { createClient } from "@supabase/supabase-js";

import type { Database } from "#database";
import { env } from "@/lib/env";

export const supabase = createClient<Database>(env.supabaseUrl, env.publishableKey, {
  auth: {
    flowType: "pkce",
    // `/auth/callback` and `/auth/confirm` read the address themselves, each in its own time.
    detectSessionInUrl: false,
  },
});

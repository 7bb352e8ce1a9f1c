/**
 * The key with which a function acts as the service.
 *
 * Supabase hands functions a dictionary of named keys; a stack without one sets a single key.
 */

import { z } from "zod";

import { requireEnv } from "./require-env.ts";

export function readSecretKey(): string {
  const dictionary = Deno.env.get("SUPABASE_SECRET_KEYS");
  if (!dictionary) return requireEnv("SUPABASE_SECRET_KEY");
  return z.object({ default: z.string() }).parse(JSON.parse(dictionary)).default;
}

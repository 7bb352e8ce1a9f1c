/**
 * Where this deployment's parts are, fetched once before the application starts.
 *
 * One build serves every environment, so addresses come from `/config.json` rather than from
 * the build. Importing this module waits for it.
 */

import * as z from "zod/mini";

const envSchema = z.object({
  supabaseUrl: z.url(),
  publishableKey: z.string().check(z.minLength(1)),
  apiUrl: z.url(),
  functionsUrl: z.url(),
  providers: z.object({ google: z.boolean(), github: z.boolean() }),
  /** Where the local platform shows the mails it caught. */
  mailboxUrl: z.optional(z.url()),
  /** The local platform's model, which needs no provider key. */
  demoModel: z.optional(z.string()),
});

/** The configuration could not be fetched or is not one. */
class EnvUnavailable extends Error {
  override readonly name = "EnvUnavailable";
}

function readEnv(value: unknown) {
  const parsed = envSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new EnvUnavailable(`/config.json is not valid:\n${z.prettifyError(parsed.error)}`);
}

async function fetchEnv() {
  const response = await fetch("/config.json").catch((cause: unknown) => {
    throw new EnvUnavailable("/config.json could not be fetched.", { cause });
  });
  if (!response.ok) throw new EnvUnavailable(`/config.json answered ${response.status}.`);
  const value: unknown = await response.json().catch((cause: unknown) => {
    throw new EnvUnavailable("/config.json is not JSON.", { cause });
  });
  return readEnv(value);
}

export const env = await fetchEnv();

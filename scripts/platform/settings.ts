/** What the environment (or `.env`) says about the stack. Nothing else under `scripts/platform` reads it. */

import { existsSync } from "node:fs";
import process from "node:process";

import { z } from "zod";

import { repository } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";

/** A line `NAME=` in `.env` means the same as no line. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const environmentSchema = z
  .object({
    DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
    SUPABASE_URL: optional(z.url({ protocol: /^https?$/ })),
    SUPABASE_PUBLISHABLE_KEY: optional(z.string()),
    SUPABASE_SECRET_KEY: optional(z.string()),
    EMBEDDINGS_URL: optional(z.url({ protocol: /^https?$/ })),
    EMBEDDINGS_API_KEY: optional(z.string()),
    EMBEDDINGS_MODEL: optional(z.string()),
    SUPABASE_AUTH_EXTERNAL_GITHUB_CLIENT_ID: optional(z.string()),
    SUPABASE_AUTH_EXTERNAL_GITHUB_SECRET: optional(z.string()),
    SUPABASE_AUTH_EXTERNAL_GITHUB_URL: optional(z.url({ protocol: /^https?$/ })),
  })
  .refine(
    (env) =>
      env.SUPABASE_URL === undefined ||
      (env.SUPABASE_PUBLISHABLE_KEY !== undefined && env.SUPABASE_SECRET_KEY !== undefined),
    "SUPABASE_URL needs SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY beside it",
  );

export type Github = { readonly clientId: string; readonly secret: string; readonly url?: string };

export type Settings = {
  readonly databaseUrl: string | null;
  /** A Supabase that already runs; then neither a database nor REST and Auth are started. */
  readonly supabase: {
    readonly url: string;
    readonly publishableKey: string;
    readonly secretKey: string;
  } | null;
  readonly embeddings: {
    readonly url: string | null;
    readonly apiKey: string | null;
    readonly model: string | null;
  };
  readonly github: Github | null;
};

export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new PlatformError(`The environment is not valid:\n${z.prettifyError(parsed.error)}`);
  }
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    supabase:
      env.SUPABASE_URL === undefined
        ? null
        : {
            url: env.SUPABASE_URL.replace(/\/$/, ""),
            publishableKey: env.SUPABASE_PUBLISHABLE_KEY ?? "",
            secretKey: env.SUPABASE_SECRET_KEY ?? "",
          },
    embeddings: {
      url: env.EMBEDDINGS_URL ?? null,
      apiKey: env.EMBEDDINGS_API_KEY ?? null,
      model: env.EMBEDDINGS_MODEL ?? null,
    },
    github: readGithub(env),
  };
}

function readGithub(env: z.output<typeof environmentSchema>): Github | null {
  const clientId = env.SUPABASE_AUTH_EXTERNAL_GITHUB_CLIENT_ID;
  const secret = env.SUPABASE_AUTH_EXTERNAL_GITHUB_SECRET;
  const url = env.SUPABASE_AUTH_EXTERNAL_GITHUB_URL;
  if (clientId === undefined || secret === undefined) return null;
  return { clientId, secret, ...(url !== undefined && { url }) };
}

/** Reads the repository's `.env`, where one stands. What the environment already says wins. */
export function loadEnvironmentFile(): void {
  if (existsSync(repository.environment)) process.loadEnvFile(repository.environment);
}

/** The machine's environment for the parts of a stack, without what would change how they behave. */
export function partEnvironment(mark: string, markValue: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(NODE_ENV|NODE_OPTIONS|NODE_CHANNEL_|VITEST|npm_|DATABASE_URL$|SUPABASE_|EMBEDDINGS_|CLOUDFLARE_|WRANGLER_)/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""])),
    DO_NOT_TRACK: "1",
    LITE_TELEMETRY: "0",
    SUPABASE_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    [mark]: markValue,
  };
}

/** The database with REST and Auth before it: ours, in a process of its own, or one that already runs. */

import { fileURLToPath } from "node:url";

import { z } from "zod";

import { type PartContext, startPart } from "./part.ts";
import type { DataFolder } from "./paths.ts";
import { loopbackUrl, type Ports } from "./ports.ts";
import type { Settings } from "./settings.ts";
import type { StackSecrets } from "./stack-secrets.ts";

export type Supabase = {
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly databaseUrl: string | null;
  readonly stop: () => Promise<void>;
};

/** A Supabase that somebody else runs is used as it is: its migrations are its owner's affair. */
export function useRunningSupabase(
  running: NonNullable<Settings["supabase"]>,
  databaseUrl: string | null,
): Supabase {
  return { ...running, databaseUrl, stop: async () => {} };
}

export async function startSupabase(
  context: PartContext,
  options: {
    readonly folder: DataFolder;
    readonly ports: Ports;
    readonly secrets: StackSecrets;
    readonly settings: Settings;
    readonly siteUrl: string;
  },
): Promise<Supabase> {
  const { folder, ports, secrets, settings, siteUrl } = options;
  const { publishableKey, secretKey, jwtSecret, vaultRootKey } = secrets;
  const part = await startPart(context, {
    name: "supabase",
    file: fileURLToPath(new URL("supabase-host.ts", import.meta.url)),
    input: {
      databaseFolder: folder.database,
      outsideDatabaseUrl: settings.databaseUrl,
      port: ports.supabase,
      sqlPort: ports.sql,
      smtpPort: ports.smtp,
      functionsUrl: loopbackUrl(ports.functions),
      siteUrl,
      publishableKey,
      secretKey,
      jwtSecret,
      vaultRootKey,
      howToReset: howToReset(folder, settings),
      github: settings.github,
    },
    ready: z.object({ databaseUrl: z.string() }),
  });
  return {
    url: loopbackUrl(ports.supabase),
    publishableKey,
    secretKey,
    databaseUrl: part.ready.databaseUrl,
    stop: part.stop,
  };
}

function howToReset(folder: DataFolder, settings: Settings): string {
  return settings.databaseUrl === null
    ? `begin with an empty database, which forgets everything in it: rm -r ${folder.path}`
    : "give the stack an empty database (DATABASE_URL).";
}

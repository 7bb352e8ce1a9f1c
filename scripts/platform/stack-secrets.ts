/**
 * The secrets of one data folder, made on its first start and kept beside the database rather
 * than in it: a copy of the database alone opens no provider key.
 */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";

import { z } from "zod";

import { type DataFolder } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";
import { writePrivateJson } from "./private-file.ts";

const secretsSchema = z.object({
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
  jwtSecret: z.string().min(32),
  /** What the vault's stand-in encrypts provider keys with. */
  vaultRootKey: z.string().min(32),
  /** Seals what the worker keeps in its cache. */
  sealingKey: z.string().min(32),
  /** Lets this host, and nobody else, ask the worker to drain. */
  localSecret: z.string().min(16),
});

export type StackSecrets = Readonly<z.output<typeof secretsSchema>>;

export async function loadSecrets(folder: DataFolder): Promise<StackSecrets> {
  if (!existsSync(folder.secrets)) return createSecrets(folder);
  const parsed = secretsSchema.safeParse(parseJson(await readFile(folder.secrets, "utf8")));
  if (parsed.success) return parsed.data;
  throw new PlatformError(
    `${folder.secrets} is damaged, and without it the provider keys in the database cannot be opened. Put the file back from a backup, or remove ${folder.path} to begin anew.`,
  );
}

async function createSecrets(folder: DataFolder): Promise<StackSecrets> {
  if (existsSync(folder.database)) {
    throw new PlatformError(
      `${folder.path} holds a database but no secrets.json, and without it the provider keys in the database cannot be opened. Put the file back from a backup, or remove ${folder.path} to begin anew.`,
    );
  }
  const secrets: StackSecrets = {
    publishableKey: `sb_publishable_${token(24)}`,
    secretKey: `sb_secret_${token(24)}`,
    jwtSecret: token(48),
    vaultRootKey: token(32),
    sealingKey: randomBytes(32).toString("base64"),
    localSecret: token(24),
  };
  await writePrivateJson(folder.secrets, secrets);
  return secrets;
}

const token = (bytes: number) => randomBytes(bytes).toString("base64url");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** `stack.json`: where a running stack answers, and how to get in. Written once everything does. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { z } from "zod";

import { dataFolder } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";

export const stackSchema = z.object({
  api: z.url(),
  supabaseUrl: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  /** Null when the stack uses a Supabase that runs elsewhere. */
  databaseUrl: z.string().nullable(),
  functionsUrl: z.url(),
  /** Null with `--no-web`. */
  web: z.url().nullable(),
  /** Null when mails are sent elsewhere. */
  mailbox: z.url().nullable(),
  embeddings: z.url(),
  demo: z.object({
    email: z.string(),
    password: z.string(),
    memoryKey: z.string(),
    model: z.string(),
  }),
  pid: z.number(),
});

export type StackFile = Readonly<z.output<typeof stackSchema>>;

/** The stack that runs on a data folder. Throws a sentence when none does. */
export async function readStack(directory: string): Promise<StackFile> {
  const folder = dataFolder(resolve(directory));
  const text = await readFile(folder.stack, "utf8").catch(() => null);
  const stack = text === null ? null : stackSchema.parse(JSON.parse(text));
  // One that was killed leaves its file behind.
  if (stack === null || !isRunning(stack.pid)) {
    throw new PlatformError(
      `No stack is running on ${folder.path}. Start one: npm start -- --data-dir ${directory}`,
    );
  }
  return stack;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

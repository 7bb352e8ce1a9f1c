/** Command line tools of `node_modules/.bin` whose output we read instead of showing it. */

import { spawn } from "node:child_process";
import { join } from "node:path";

import { repository } from "../platform/paths.ts";

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Resolves whatever the exit code is; what a failure means is the caller's to say. */
export async function runTool(
  name: string,
  args: readonly string[],
  { input = "", env = {} }: { readonly input?: string; readonly env?: Record<string, string> } = {},
): Promise<Outcome> {
  const child = spawn(join(repository.modules, ".bin", name), args, {
    cwd: repository.root,
    env: { ...process.env, DO_NOT_TRACK: "1", NO_COLOR: "1", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, stdout, stderr };
}

/** The Supabase CLI against a database's URL, which needs neither Docker nor an account. */
export const supabase = (...args: readonly string[]): Promise<Outcome> =>
  runTool("supabase", args, { env: { SUPABASE_TELEMETRY_DISABLED: "1", SUPABASE_YES: "1" } });

/** The Supabase CLI, run without Docker against a database's URL. */

import { spawn } from "node:child_process";
import { join } from "node:path";

import { repository } from "../platform/paths.ts";

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Resolves whatever the exit code is; what a failure means is the caller's to say. */
export async function supabase(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(join(repository.modules, ".bin", "supabase"), args, {
    cwd: repository.root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      DO_NOT_TRACK: "1",
      SUPABASE_TELEMETRY_DISABLED: "1",
      // Without a terminal or an account the CLI must never stop to ask.
      SUPABASE_YES: "1",
      NO_COLOR: "1",
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  return { code, stdout, stderr };
}

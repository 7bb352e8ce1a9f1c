/** Runs command line tools one after the other and says of each whether it passed and how long it took. */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Step = {
  readonly name: string;
  /** A tool of `node_modules/.bin`, or `node`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Resolves to whether every step passed; a failing one does not keep the next from running. */
export async function runSteps(steps: readonly Step[]): Promise<boolean> {
  let failed = 0;
  for (const step of steps) {
    const startedAt = performance.now();
    const code = await run(step);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "✓" : "✗"} ${step.name} (${seconds} s)`);
    if (code !== 0) failed += 1;
  }
  return failed === 0;
}

/** Resolves to the exit code; output goes straight to ours. */
export async function run(step: Step): Promise<number> {
  const child = spawn(step.command, step.args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...step.env, PATH: `${ROOT}node_modules/.bin:${process.env["PATH"]}` },
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

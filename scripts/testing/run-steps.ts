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

/** A step that fails does not keep the next from running. */
export async function runSteps(steps: readonly Step[]): Promise<Tally> {
  let failed = 0;
  for (const step of steps) {
    const startedAt = performance.now();
    const code = await run(step);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? "✓" : "✗"} ${step.name} (${seconds} s)`);
    if (code !== 0) failed += 1;
  }
  return { passed: steps.length - failed, failed };
}

export type Tally = { readonly passed: number; readonly failed: number };

/** Runs a tool that closes with `N passed, N failed`. One that fails without saying so has failed once. */
export async function tally(step: Step): Promise<Tally> {
  let output = "";
  const code = await run(step, (chunk) => {
    process.stdout.write(chunk);
    output = (output + chunk.toString("utf8")).slice(-200);
  });
  const [, passed = "0", failed = "0"] = /(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
  const isUnexplained = code !== 0 && failed === "0";
  return { passed: Number(passed), failed: Number(failed) + (isUnexplained ? 1 : 0) };
}

/** Resolves to the exit code. Output goes straight to ours, or to who listens. */
export async function run(step: Step, listen?: (chunk: Buffer) => void): Promise<number> {
  const child = spawn(step.command, step.args, {
    cwd: ROOT,
    stdio: ["inherit", listen ? "pipe" : "inherit", "inherit"],
    env: { ...process.env, ...step.env, PATH: `${ROOT}node_modules/.bin:${process.env["PATH"]}` },
  });
  if (listen) child.stdout?.on("data", listen);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

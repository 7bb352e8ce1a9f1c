/** The stack that a benchmark asks: the one that runs on a data folder, else one of its own. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PlatformError } from "../../platform/platform-error.ts";
import { freePortBase } from "../../platform/free-port-base.ts";
import { plainProgress } from "../../platform/progress.ts";
import { readStack } from "../../platform/stack-file.ts";
import { startStack } from "../../platform/start-stack.ts";

export type BenchedStack = {
  readonly api: string;
  /** A key that may mint others. */
  readonly memoryKey: string;
  readonly stop: () => Promise<void>;
};

export async function useStack(
  dataDir: string,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchedStack> {
  const running = await findRunning(dataDir);
  if (running) {
    tell(`Asking the stack that runs on ${dataDir}, at ${running.api}`);
    return running;
  }
  tell(`No stack runs on ${dataDir}; starting one for this run, with a data folder of its own`);
  return startOwn(tell, signal);
}

async function findRunning(dataDir: string): Promise<BenchedStack | null> {
  const stack = await readStack(dataDir).catch((cause: unknown) => {
    if (cause instanceof PlatformError) return null;
    throw new PlatformError(`${dataDir}/stack.json was not written by this version.`, { cause });
  });
  if (!stack) return null;
  // A stack that was killed leaves its file behind.
  const health = await fetch(`${stack.api}/health`).catch(() => null);
  if (!health?.ok) return null;
  return { api: stack.api, memoryKey: stack.demo.memoryKey, stop: async () => {} };
}

async function startOwn(tell: (line: string) => void, signal: AbortSignal): Promise<BenchedStack> {
  const folder = await mkdtemp(join(tmpdir(), "memoryrouter-bench-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const stack = await startStack({
      dataDir: folder,
      portBase: await freePortBase(),
      web: "none",
      progress: plainProgress(tell),
      signal,
    });
    const stop = async () => {
      await stack.stop();
      await remove();
    };
    return { api: stack.api, memoryKey: stack.demo.memoryKey, stop };
  } catch (cause) {
    await remove();
    throw cause;
  }
}

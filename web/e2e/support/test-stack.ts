/** A whole stack of a test's own, on free ports and in a folder that is gone afterwards. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePortBase } from "../../../scripts/platform/free-port-base.ts";
import { type Stack, startStack } from "../../../scripts/platform/start-stack.ts";

export type TestStack = Stack & { readonly folder: string };

export async function startTestStack(
  options: Omit<Parameters<typeof startStack>[0], "dataDir" | "portBase">,
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "memoryrouter-e2e-"));
  try {
    const stack = await startStack({ ...options, dataDir: folder, portBase: await freePortBase() });
    return {
      ...stack,
      folder,
      stop: async () => {
        await stack.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  }
}

/** Files that hold secrets: readable by their owner alone, and never seen half written. */

import { rename, writeFile } from "node:fs/promises";

export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Files that hold secrets: readable by their owner alone, and never seen half written. */

import { rename, writeFile } from "node:fs/promises";

export async function writePrivateFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}

export const writePrivateJson = (path: string, value: unknown): Promise<void> =>
  writePrivateFile(path, `${JSON.stringify(value, null, 2)}\n`);

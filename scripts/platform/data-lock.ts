/**
 * One stack per data folder. The database does not lock its folder, and two of them on one folder
 * lose writes.
 *
 * The lock names every process of the stack. After a crash some may live on for a moment, or for
 * ever, with the folder or a port still open: the next start waits for them, then ends them.
 */

import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, link, rename, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { killGroup } from "./part.ts";
import { type DataFolder } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";
import { writePrivateJson } from "./private-file.ts";

const lockSchema = z.object({
  pid: z.number(),
  /** When the process began, by its machine's own count: a pid alone may belong to somebody else by now. */
  began: z.string().nullable(),
  mark: z.string(),
  parts: z.array(z.object({ name: z.string(), pid: z.number() })),
});

type Lock = z.output<typeof lockSchema>;

/** In the environment of everything a stack starts. */
export const MARK = "MEMORYROUTER_STACK";

export type HeldLock = {
  readonly mark: string;
  readonly addPart: (name: string, pid: number) => Promise<void>;
  readonly release: () => Promise<void>;
};

/** What was cut off from its parent ends by itself, within this time if it can. */
const PATIENCE_MS = 10_000;

export async function takeLock(
  folder: DataFolder,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<HeldLock> {
  await makeFolder(folder.path);
  const lock: Lock = {
    pid: process.pid,
    began: beganAt(process.pid),
    mark: crypto.randomUUID(),
    parts: [],
  };
  const draft = `${folder.lock}.${lock.mark}`;
  await writePrivateJson(draft, lock);
  try {
    // Unlike opening a file exclusively, a link appears with its content in it.
    while (!(await linked(draft, folder.lock))) await clearDeadLock(folder, patienceMs);
  } finally {
    await rm(draft, { force: true });
  }

  let writing: Promise<void> = Promise.resolve();
  return {
    mark: lock.mark,
    addPart: (name, pid) => {
      lock.parts.push({ name, pid });
      writing = writing.then(() => writePrivateJson(folder.lock, lock));
      return writing;
    },
    release: async () => {
      await writing;
      await rm(folder.lock, { force: true });
    },
  };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError(
      `The data folder ${path} cannot be made (${reason}). Choose another one: npm start -- --data-dir DIR`,
      { cause },
    );
  }
}

async function linked(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw cause;
  }
}

async function clearDeadLock(folder: DataFolder, patienceMs: number): Promise<void> {
  const found = await readLock(folder.lock);
  if (found !== null && isAlive(found)) {
    throw new PlatformError(
      `A stack is already running on ${folder.path} (process ${found.pid}). Its addresses are in ${folder.stack}. Stop it first, or start a second one: npm start -- --data-dir OTHER --port-base 56000`,
    );
  }
  if (found !== null) await endLeftovers(found, patienceMs);
  // Moved before it is removed, so that of two who found it dead only one removes it.
  const grave = `${folder.lock}.${crypto.randomUUID()}`;
  await rename(folder.lock, grave).catch(() => {});
  const buried = await readLock(grave);
  if (buried !== null && buried.mark !== found?.mark) await linked(grave, folder.lock);
  await rm(grave, { force: true });
  await rm(folder.stack, { force: true });
}

async function readLock(path: string): Promise<Lock | null> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

function isAlive({ pid, began }: Lock): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return began === null || beganAt(pid) === began;
}

/** The start time of a process in clock ticks since boot; null where the system does not tell. */
function beganAt(pid: number): string | null {
  try {
    // The second field is the command in parentheses and may hold anything.
    const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\)(?=[^)]*$)/);
    return fields.trim().split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

async function endLeftovers({ mark, parts }: Lock, patienceMs: number): Promise<void> {
  const groups = new Set(parts.map(({ pid }) => pid));
  const deadline = Date.now() + patienceMs;
  while ((await marked(mark)).length > 0 && Date.now() < deadline) await delay(100);
  for (const group of new Set(await marked(mark))) if (groups.has(group)) killGroup(group);
}

/** The process groups in which something carries a stack's mark. */
async function marked(mark: string): Promise<number[]> {
  const entries = await readdir("/proc").catch(() => []);
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        if (!readFileSync(`/proc/${entry}/environ`, "latin1").includes(`${MARK}=${mark}`))
          return [];
        const [, fields = ""] = readFileSync(`/proc/${entry}/stat`, "utf8").split(/\)(?=[^)]*$)/);
        return [Number(fields.trim().split(" ")[2])];
      } catch {
        return [];
      }
    });
}

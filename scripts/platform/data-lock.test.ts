import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MARK, takeLock } from "./data-lock.ts";
import { type DataFolder, dataFolder } from "./paths.ts";

describe("the lock of a data folder", () => {
  let folder: DataFolder;

  beforeEach(async () => {
    folder = dataFolder(await mkdtemp(join(tmpdir(), "memoryrouter-lock-")));
  });
  afterEach(() => rm(folder.path, { recursive: true }));

  it("is held by one stack at a time, and the second is told by whom", async () => {
    const lock = await takeLock(folder);
    await expect(takeLock(folder)).rejects.toThrow(`(process ${process.pid})`);
    await lock.release();
    const again = await takeLock(folder);
    await again.release();
    expect(existsSync(folder.lock)).toBe(false);
  });

  it("is for its owner's eyes", async () => {
    const lock = await takeLock(folder);
    const { mode } = await stat(folder.lock);
    expect(mode & 0o777).toBe(0o600);
    await lock.release();
  });

  it("is taken over from a process that is gone, and ends what that one left behind", async () => {
    const mark = crypto.randomUUID();
    const leftover = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      env: { [MARK]: mark },
      stdio: "ignore",
    });
    const ended = once(leftover, "exit");
    const parts = [{ name: "worker", pid: leftover.pid }];
    await writeFile(folder.lock, JSON.stringify({ pid: 2 ** 22 + 1, began: "1", mark, parts }));
    await writeFile(folder.stack, "{}");

    const lock = await takeLock(folder, { patienceMs: 200 });
    await ended;
    expect(existsSync(folder.stack)).toBe(false);
    expect(JSON.parse(await readFile(folder.lock, "utf8"))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it("is not fooled by another process that has the same number by now", async () => {
    const lock = { pid: process.pid, began: "1", mark: crypto.randomUUID(), parts: [] };
    await writeFile(folder.lock, JSON.stringify(lock));
    const taken = await takeLock(folder);
    expect(await readFile(folder.lock, "utf8")).not.toContain(lock.mark);
    await taken.release();
  });

  it("survives a lock file that was cut off", async () => {
    await writeFile(folder.lock, '{"pid": 12');
    const taken = await takeLock(folder);
    expect(JSON.parse(await readFile(folder.lock, "utf8"))).toMatchObject({ pid: process.pid });
    await taken.release();
  });

  it("says so when the folder cannot be made", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "");
    await expect(takeLock(dataFolder(file))).rejects.toThrow("cannot be made");
  });
});

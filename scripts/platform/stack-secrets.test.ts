import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type DataFolder, dataFolder } from "./paths.ts";
import { loadSecrets } from "./stack-secrets.ts";

describe("the secrets of a data folder", () => {
  let folder: DataFolder;

  beforeEach(async () => {
    folder = dataFolder(await mkdtemp(join(tmpdir(), "memoryrouter-secrets-")));
  });
  afterEach(() => rm(folder.path, { recursive: true }));

  it("are made once, for their owner's eyes, and differ from folder to folder", async () => {
    const made = await loadSecrets(folder);
    expect(await loadSecrets(folder)).toEqual(made);
    const { mode } = await stat(folder.secrets);
    expect(mode & 0o777).toBe(0o600);
    const other = dataFolder(join(folder.path, "other"));
    await mkdir(other.path);
    expect((await loadSecrets(other)).vaultRootKey).not.toBe(made.vaultRootKey);
  });

  it("are not made anew beside a database that was encrypted with others", async () => {
    await mkdir(folder.database);
    await expect(loadSecrets(folder)).rejects.toThrow("holds a database but no secrets.json");
  });

  it("are not guessed when the file is damaged", async () => {
    await writeFile(folder.secrets, '{"publishableKey": "sb_publ');
    await expect(loadSecrets(folder)).rejects.toThrow("is damaged");
  });
});

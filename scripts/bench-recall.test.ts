import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cases = at("bench/cases/friends.jsonl");

const figures = z.object({
  "r@5": z.number(),
  "r@10": z.number(),
  "r@20": z.number(),
  mrr: z.number(),
  within_500: z.number(),
  within_1000: z.number(),
  within_2000: z.number(),
});
const resultSchema = z.strictObject({
  file: z.string(),
  overall: figures,
  kinds: z.record(z.string(), figures),
  latency_ms: z.object({ p50: z.number(), p95: z.number() }),
});

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

const bench = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [at("bench/recall.ts"), ...args],
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });

describe("npm run bench:recall", () => {
  let dataDir = "";
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "memoryrouter-no-stack-"));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it("starts a stack where none runs, asks every question of it and ends with one line of JSON", async () => {
    const { code, stdout, stderr } = await bench(cases, "--data-dir", dataDir);

    expect(stderr).toContain(`No stack runs on ${dataDir}`);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.some((line) => /^overall +7 /.test(line))).toBe(true);
    const result = resultSchema.parse(JSON.parse(lines.at(-1) ?? ""));
    expect(result.file).toBe("friends.jsonl");
    expect(Object.keys(result.kinds)).toEqual([
      "multi-hop",
      "single-hop",
      "temporal",
      "adversarial",
    ]);
    expect(result.overall["r@10"]).toBeGreaterThan(80);
    expect(result.overall.within_1000).toBeGreaterThan(80);
  }, 180_000);

  it.each([
    ["a file that is not there", ["nowhere.jsonl"], "nowhere.jsonl cannot be read"],
    ["no file", [], "missing required argument 'file'"],
    [
      "a limit that is no number",
      [cases, "--limit", "many"],
      "It has to be a whole number above 0.",
    ],
  ])("says what is wrong with %s", async (_name, args, sentence) => {
    const { code, stdout, stderr } = await bench(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe("");
  });
});

/**
 * Runs one pgTAP file and reads what it says.
 *
 * A file is sent whole, as `psql` would, so nobody needs `psql`. Of its commands only `\ir`, which
 * brings in another file, is understood.
 */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type postgres from "postgres";

export type TapResult = {
  readonly passed: number;
  /** Sentences that do not hold, each with what pgTAP says about it. */
  readonly failures: readonly string[];
};

export async function runTap(sql: postgres.Sql, file: string): Promise<TapResult> {
  const text = await readWithInclusions(file);
  try {
    const results: unknown = await sql.unsafe(text).simple();
    return readTap(linesOf(results));
  } catch (cause) {
    await sql.unsafe("rollback");
    return { passed: 0, failures: [`The file stops: ${explain(cause)}`] };
  } finally {
    await sql.unsafe("reset role");
  }
}

async function readWithInclusions(file: string): Promise<string> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const read = await Promise.all(
    lines.map(async (line) => {
      const [, included] = /^\\ir (\S+)$/.exec(line) ?? [];
      return included === undefined
        ? line
        : await readWithInclusions(join(dirname(file), included));
    }),
  );
  return read.join("\n");
}

/** The first column of every row of every statement: that is where pgTAP writes. */
function linesOf(results: unknown): string[] {
  if (!Array.isArray(results)) return [];
  return results.flatMap((entry: unknown) => {
    if (Array.isArray(entry)) return linesOf(entry);
    if (typeof entry !== "object" || entry === null) return [];
    const [first]: unknown[] = Object.values(entry);
    return typeof first === "string" ? first.split("\n") : [];
  });
}

/** `ok 1 - sentence`, `not ok 2 - sentence`, and `#` before what there is to say about the one above. */
export function readTap(lines: readonly string[]): TapResult {
  let passed = 0;
  const failures: string[] = [];
  let isExplaining = false;
  let planned: number | null = null;
  for (const line of lines) {
    const [isTest, not, sentence = "(a test without a sentence)"] =
      /^(not )?ok \d+(?: - (.*))?$/.exec(line) ?? [];
    const [, plan] = /^1\.\.(\d+)$/.exec(line) ?? [];
    if (plan !== undefined) planned = Number(plan);
    else if (not !== undefined) failures.push(sentence);
    else if (isTest !== undefined) passed += 1;
    else if (isExplaining && line.startsWith("#")) {
      failures.push(`${failures.pop()}\n      ${line}`);
    }
    if (!line.startsWith("#")) isExplaining = not !== undefined;
  }
  const ran = passed + failures.length;
  if (planned !== ran) failures.push(`${planned ?? "No"} tests were planned and ${ran} ran.`);
  return { passed, failures };
}

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const where = "where" in cause && typeof cause.where === "string" ? ` (${cause.where})` : "";
  return `${cause.message}${where}`;
}

/**
 * Keeps what people wrote out of the log.
 *
 * The REST server prints a failing query's error object, and with it every parameter: memories,
 * keys, addresses. What reaches the log is which kind of failure it was and where.
 */

import { inspect } from "node:util";

/** The fields of a Postgres error that never hold a value of a row. */
const SAFE_FIELDS = [
  "severity",
  "code",
  "schema_name",
  "table_name",
  "column_name",
  "constraint_name",
  "routine",
] as const;

export function quietConsoleErrors(): void {
  console.error = (...parts: unknown[]) => {
    process.stderr.write(`${parts.map(describe).join(" ")}\n`);
  };
}

export function describe(part: unknown): string {
  if (typeof part === "string") return part;
  if (!(part instanceof Error)) return inspect(part, { depth: 0 });
  const fields = Object.entries(part).filter(([name]) => SAFE_FIELDS.some((safe) => safe === name));
  // A database error's own message may quote the value it stumbled over; its code never does.
  if (fields.length > 0) {
    return `${part.name}: ${fields.map(([name, value]) => `${name}=${String(value)}`).join(" ")}`;
  }
  return part.stack ?? part.message;
}

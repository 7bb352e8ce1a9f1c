/**
 * What a request asks of memory.
 *
 * Body field before header before the key's own setting; then the key's suffix takes away what it
 * forbids. A value that is not allowed is refused by name: guessing would store what should not be
 * stored, or forget what should be told.
 */

import type { Steering as BodyFields } from "./dialects/dialect.ts";
import { ApiError } from "./errors.ts";
import { MODES, type Mode, intersection } from "./mode.ts";
import type { Recency } from "./recall/rank.ts";

export type Steering = {
  readonly mode: Mode;
  readonly sessionId: string | null;
  readonly tokenBudget: number;
  readonly maxMemories: number | null;
  readonly recency: Recency;
  readonly storesUser: boolean;
  readonly storesAnswer: boolean;
  /** The answer's end waits until the turn is safe. */
  readonly isSync: boolean;
};

/** What the key brings along: its setting is a default, its suffix a limit. */
export type KeySteering = { readonly mode: Mode; readonly limit: Mode | null };

const DEFAULT_TOKEN_BUDGET = 1_000;
export const MAX_TOKEN_BUDGET = 8_000;
const MAX_MEMORIES = 100;
const MAX_SESSION_ID_CHARS = 256;

const RECENCIES = ["low", "medium", "high"] as const satisfies readonly Recency[];

export function readSteering(body: BodyFields, headers: Headers, key: KeySteering): Steering {
  const header = (name: string) => headers.get(name) ?? undefined;
  const mode =
    oneOf(MODES, body.mode, "memory_mode") ??
    oneOf(MODES, header("x-memory-mode"), "X-Memory-Mode") ??
    key.mode;

  return {
    mode: intersection(key.limit ? [mode, key.limit] : [mode]),
    sessionId:
      sessionId(body.sessionId, "session_id") ??
      sessionId(header("x-session-id"), "X-Session-ID") ??
      null,
    tokenBudget:
      count(body.tokenBudget, MAX_TOKEN_BUDGET, "memory_token_budget") ??
      count(digits(header("x-memory-token-budget")), MAX_TOKEN_BUDGET, "X-Memory-Token-Budget") ??
      DEFAULT_TOKEN_BUDGET,
    maxMemories:
      count(digits(header("x-memory-context-limit")), MAX_MEMORIES, "X-Memory-Context-Limit") ??
      null,
    recency:
      oneOf(RECENCIES, body.recency, "memory_recency") ??
      oneOf(RECENCIES, header("x-memory-recency"), "X-Memory-Recency") ??
      "low",
    storesUser: flag(header("x-memory-store"), "X-Memory-Store"),
    storesAnswer: flag(header("x-memory-store-response"), "X-Memory-Store-Response"),
    isSync: oneOf(["sync"], header("x-memory-durability"), "X-Memory-Durability") === "sync",
  };
}

function oneOf<T extends string>(
  allowed: readonly T[],
  value: unknown,
  field: string,
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw refused(field, `takes ${allowed.join(", ")}`);
  return found;
}

function count(value: unknown, max: number, field: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max)
    return value;
  throw refused(field, `takes a whole number from 0 to ${max}`);
}

/** A header's number; what is no number stays a text and is refused as one. */
function digits(value: string | undefined): unknown {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : value;
}

function sessionId(value: unknown, field: string): string | undefined {
  if (value === undefined) return undefined;
  // Control characters: the database takes no NUL, and no header carries a line break back.
  // eslint-disable-next-line no-control-regex
  if (typeof value === "string" && value !== "" && !/[\u0000-\u001f\u007f]/.test(value)) {
    if (value.length <= MAX_SESSION_ID_CHARS) return value;
  }
  throw refused(field, `takes 1 to ${MAX_SESSION_ID_CHARS} printable characters`);
}

function flag(value: string | undefined, field: string): boolean {
  return oneOf(["true", "false"], value, field) !== "false";
}

const refused = (field: string, takes: string) =>
  new ApiError("invalid_request", `${field} ${takes}.`, { param: field });

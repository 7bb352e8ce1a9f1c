/**
 * What the bodies of all dialects share: a model, whether to stream, and the fields that are ours.
 *
 * Ours never reach a provider, so they are taken out wherever they stand, duplicates included.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { scanJson } from "../edits/json-document.ts";
import { isObject, members, type Span, stringAt, valueAt } from "../edits/json-walk.ts";
import { removeMembers } from "../edits/remove-members.ts";
import { type Edit, replacement } from "../edits/splice.ts";
import { ApiError } from "../errors.ts";
import type { ReadOptions, Steering } from "./dialect.ts";

export type RequestBody = {
  readonly document: JsonDocument;
  readonly model: string;
  readonly streamed: boolean;
  readonly steering: Steering;
  /** Every value under a top-level name, in order; the last is the one that counts. */
  readonly valuesOf: (name: string) => readonly Span[];
  readonly editModel: (model: string) => Edit[];
  /** Takes our own fields out, and those named besides. */
  readonly removeFields: (more?: readonly string[]) => Edit[];
};

const STEERING_FIELDS = {
  mode: "memory_mode",
  sessionId: "session_id",
  tokenBudget: "memory_token_budget",
  recency: "memory_recency",
} as const satisfies Record<keyof Steering, string>;

/** Nobody repeats a name by accident this often; it keeps the list of edits short. */
const MOST_REPEATS = 100;

/** Reads the top of a body. `names` are the dialect's own fields. */
export function readRequestBody(
  bytes: Uint8Array,
  names: readonly string[],
  { keepSessionId }: ReadOptions,
): RequestBody {
  const document = scanJson(bytes);
  if (!isObject(document, document.root)) {
    throw new ApiError("invalid_request", "The body is not a JSON object. Send one.");
  }
  const values = topValues(document, [
    "model",
    "stream",
    ...Object.values(STEERING_FIELDS),
    ...names,
  ]);
  const valuesOf = (name: string) => values.get(name) ?? [];
  const last = (name: string) => valuesOf(name).at(-1);

  const model = stringAt(document, last("model"));
  if (model === null || model === "") {
    const message = "`model` is missing. Name the model to ask, like openai/gpt-4o.";
    throw new ApiError("invalid_request", message, { param: "model" });
  }

  const removed: readonly string[] = Object.values(STEERING_FIELDS).filter(
    (name) => valuesOf(name).length > 0 && !(keepSessionId && name === STEERING_FIELDS.sessionId),
  );
  return {
    document,
    model,
    streamed: valueAt(document, last("stream")) === true,
    steering: readSteering(document, last),
    valuesOf,
    editModel: (wanted) =>
      wanted === model
        ? []
        : valuesOf("model").map(({ start, end }) =>
            replacement(start, end, JSON.stringify(wanted)),
          ),
    removeFields: (more = []) => {
      const gone = [...removed, ...more];
      if (gone.length === 0) return [];
      return removeMembers(document, document.root, (key) => gone.includes(key));
    },
  };
}

function readSteering(document: JsonDocument, last: (name: string) => Span | undefined): Steering {
  return {
    mode: valueAt(document, last(STEERING_FIELDS.mode)),
    sessionId: valueAt(document, last(STEERING_FIELDS.sessionId)),
    tokenBudget: valueAt(document, last(STEERING_FIELDS.tokenBudget)),
    recency: valueAt(document, last(STEERING_FIELDS.recency)),
  };
}

function topValues(document: JsonDocument, names: readonly string[]): Map<string, Span[]> {
  const values = new Map<string, Span[]>(names.map((name) => [name, []]));
  for (const { key, value } of members(document, document.root)) {
    const known = values.get(key);
    if (known === undefined) continue;
    known.push(value);
    if (known.length > MOST_REPEATS) {
      throw new ApiError("invalid_request", `\`${key}\` is given too often. Give it once.`, {
        param: key,
      });
    }
  }
  return values;
}

/**
 * The marks by which Anthropic's prompt cache is steered, and how our block keeps out of their way.
 *
 * The provider caches a prompt up to each marked part, four of them at most, and finds an earlier
 * entry when it looks back up to twenty parts from a mark. What is cached with our block in it is
 * never asked for again, since the next turn comes without it; so whatever may be marked has to
 * stand before it. A client's own marks do. The automatic one, a `cache_control` beside `messages`,
 * falls on the last part there is, which would be the block: it becomes a mark of the client's last
 * part, which is where it would have fallen without us.
 *
 * - While a turn goes on the automatic mark falls behind the block by itself, on what tools have
 *   answered, and there the block is part of what the next step repeats. It stays.
 * - When the client has marked its last part too, the automatic one has nothing to add (it would
 *   do nothing, or be refused for another lifetime) and only goes.
 * - With four marks besides, the provider refuses the automatic one. It stays, and so does the
 *   refusal; a fifth mark would be no better, and to drop one of the client's would lose its cache.
 *
 * A string cannot be marked, and the provider reads it as a list of one text. So where marks are
 * set among the messages, the block stands beside a string, in a list of the two, rather than in
 * it: the string's bytes are then the same part in every request, whatever the client marks next.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import {
  elements,
  isArray,
  isObject,
  lastValues,
  type Span,
  stringAt,
} from "../edits/json-walk.ts";
import { type Edit, insertion, replacement } from "../edits/splice.ts";
import type { RequestBody } from "./request-body.ts";

const CACHE_CONTROL = "cache_control";

/** The fields of a body in which marks can stand. */
export const MARKED_FIELDS = [CACHE_CONTROL, "tools", "system", "messages"] as const;

const MOST_MARKS = 4;

/** The automatic mark; null when the request has none. */
export function automaticMark({ document, valuesOf }: RequestBody): Span | null {
  const mark = valuesOf(CACHE_CONTROL).at(-1);
  return mark !== undefined && isObject(document, mark.start) ? mark : null;
}

/** Whether the client marks any part of a message. */
export function marksMessages({ document, valuesOf }: RequestBody): boolean {
  const messages = valuesOf("messages").at(-1);
  return messages !== undefined && countInMessages(document, messages) > 0;
}

/** What becomes of the automatic mark when our block comes last. */
export type Move = {
  /** Top-level fields that go. */
  readonly removed: readonly string[];
  /** The mark of the client's last part as JSON; null when that has one or gets none. */
  readonly mark: string | null;
};

export const NO_MOVE: Move = { removed: [], mark: null };

/** Decides it for a message whose content ends with `part`, null for a string. */
export function moveAutomaticMark(body: RequestBody, mark: Span, part: Span | null): Move {
  const { document } = body;
  if (part !== null && markOf(document, part) !== null) {
    return { removed: [CACHE_CONTROL], mark: null };
  }
  if (countMarks(body) >= MOST_MARKS) return NO_MOVE;
  return { removed: [CACHE_CONTROL], mark: jsonOf(document, mark) };
}

/** The last part of a content that can be marked. */
export function lastMarkablePart(document: JsonDocument, content: Span): Span | null {
  let last: Span | null = null;
  for (const part of elements(document, content.start)) {
    const { type, text } = lastValues(document, part.start, ["type", "text"]);
    const kind = stringAt(document, type) ?? "";
    // The provider cannot mark what is empty.
    if (kind === "text" ? stringAt(document, text)?.trim() : MARKABLE.has(kind)) last = part;
  }
  return last;
}

const MARKABLE: ReadonlySet<string> = new Set([
  "image",
  "document",
  "search_result",
  "container_upload",
]);

/** Puts a mark into a part that has none. */
export function markPart(document: JsonDocument, part: Span, mark: string): Edit {
  const { cache_control: nothing } = lastValues(document, part.start, [CACHE_CONTROL]);
  if (nothing !== undefined) return replacement(nothing.start, nothing.end, mark);
  return insertion(part.end - 1, `,"${CACHE_CONTROL}":${mark}`);
}

/** A mark that says nothing, as `null` does, is none. */
function markOf(document: JsonDocument, part: Span): Span | null {
  const { cache_control: mark } = lastValues(document, part.start, [CACHE_CONTROL]);
  return mark !== undefined && isObject(document, mark.start) ? mark : null;
}

function countMarks({ document, valuesOf }: RequestBody): number {
  const last = (name: string) => valuesOf(name).at(-1);
  const messages = last("messages");
  return (
    countInParts(document, last("tools")) +
    countInParts(document, last("system")) +
    (messages === undefined ? 0 : countInMessages(document, messages))
  );
}

function countInMessages(document: JsonDocument, messages: Span): number {
  let count = 0;
  for (const { start } of elements(document, messages.start)) {
    const { content } = lastValues(document, start, ["content"]);
    count += countInParts(document, content);
    // Tool results hold parts of their own.
    for (const part of content ? elements(document, content.start) : []) {
      count += countInParts(document, lastValues(document, part.start, ["content"]).content);
    }
  }
  return count;
}

function countInParts(document: JsonDocument, parts: Span | undefined): number {
  if (parts === undefined || !isArray(document, parts.start)) return 0;
  let count = 0;
  for (const part of elements(document, parts.start)) if (markOf(document, part)) count++;
  return count;
}

function jsonOf({ bytes }: JsonDocument, { start, end }: Span): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    bytes.subarray(start, end),
  );
}

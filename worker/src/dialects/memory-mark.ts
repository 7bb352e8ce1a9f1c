/**
 * Our field `memory`, by which a client opts one message out.
 *
 * It stands inside the messages of every dialect and reaches no provider, so it is taken out
 * wherever it stands, whatever it says.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { type Span, valueAt } from "../edits/json-walk.ts";
import { removeMembers } from "../edits/remove-members.ts";
import type { Edit } from "../edits/splice.ts";
import { ApiError } from "../errors.ts";

export type MemoryMark = {
  /** It carries the field, which has to go. */
  readonly isMarked: boolean;
  /** The field says false: the message is neither stored nor asked about. */
  readonly isOptedOut: boolean;
};

const UNMARKED: MemoryMark = { isMarked: false, isOptedOut: false };

/** Reads the field of the message at `index` of the body's field `list`. */
export function readMark(
  document: JsonDocument,
  value: Span | undefined,
  list: string,
  index: number,
): MemoryMark {
  if (value === undefined) return UNMARKED;
  const memory = valueAt(document, value);
  if (typeof memory === "boolean") return { isMarked: true, isOptedOut: !memory };
  const param = `${list}[${index}].memory`;
  throw new ApiError("invalid_request", `\`${param}\` has to be true or false.`, { param });
}

/** Adds the edits that take the field out of every message that has it. */
export function unmark(
  document: JsonDocument,
  messages: Iterable<MemoryMark & { readonly open: number }>,
  list: string,
  edits: Edit[],
): void {
  for (const { open, isMarked } of messages) {
    if (!isMarked) continue;
    for (const edit of removeMembers(document, open, (key) => key === "memory")) edits.push(edit);
    if (edits.length > MOST_EDITS) {
      const message = "`memory` stands in too many messages. Mark fewer.";
      throw new ApiError("invalid_request", message, { param: list });
    }
  }
}

/** Far above what any provider takes; a list of edits must not outgrow the body it edits. */
const MOST_EDITS = 200_000;

/** A message's content: a string, or a list of parts of which some are text. */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, isArray, lastValues, type Span, stringAt } from "../edits/json-walk.ts";
import { type Edit, escapeText, insertion } from "../edits/splice.ts";

/** The text parts; a string is one of them. Parts of other types, images and files, are none. */
export function textParts(
  document: JsonDocument,
  content: Span | null,
  types: ReadonlySet<string>,
): string[] {
  if (content === null) return [];
  const whole = stringAt(document, content);
  if (whole !== null) return [whole];
  const texts: string[] = [];
  for (const { start } of elements(document, content.start)) {
    const part = lastValues(document, start, ["type", "text"]);
    if (!types.has(stringAt(document, part.type) ?? "")) continue;
    const text = stringAt(document, part.text);
    if (text !== null) texts.push(text);
  }
  return texts;
}

/** Adds the block behind everything a content holds; null when it holds nothing to stand behind. */
export function placeOfBlock(
  document: JsonDocument,
  content: Span | null,
  partType: string,
): ((block: string) => Edit) | null {
  if (content === null) return null;
  if (stringAt(document, content) !== null) {
    const closingQuote = content.end - 1;
    return (block) => insertion(closingQuote, escapeText(block));
  }
  const end = endOfLastPart(document, content);
  if (end === null) return null;
  return (block) => insertion(end, `,${JSON.stringify({ type: partType, text: block })}`);
}

function endOfLastPart(document: JsonDocument, content: Span): number | null {
  if (!isArray(document, content.start)) return null;
  let last: number | null = null;
  for (const { end } of elements(document, content.start)) last = end;
  return last;
}

/**
 * The input items of a response, walked over as bytes.
 *
 * An item without a type is a message. All others are the model's turn: calls, their results,
 * reasoning, and whatever kinds are yet to come.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, isObject, lastValues, type Span, stringAt } from "../edits/json-walk.ts";
import { textParts } from "./content-parts.ts";
import type { Message, Spelling } from "./conversation.ts";
import { readMark } from "./memory-mark.ts";

export type ResponseItem = Message & {
  /** `message` for an item without a type. */
  readonly type: string;
  readonly role: string;
  /** By which a call and its result know each other, or what an item of another kind is called. */
  readonly id: string | null;
};

export const responseSpelling: Spelling<ResponseItem> = {
  messages: responseItems,
  texts: itemTexts,
  line: canonicalItem,
};

const FIELDS = ["type", "role", "content", "output", "memory", "call_id", "id"] as const;

function* responseItems(document: JsonDocument, list: Span): Generator<ResponseItem, void> {
  let index = -1;
  for (const { start: open } of elements(document, list.start)) {
    index++;
    if (!isObject(document, open)) continue;
    const values = lastValues(document, open, FIELDS);
    const type = values.type === undefined ? MESSAGE : (stringAt(document, values.type) ?? "");
    const isMessage = type === MESSAGE;
    const role = isMessage ? (stringAt(document, values.role) ?? "") : "";
    // In items of other kinds the name is not ours.
    const mark = readMark(document, isMessage ? values.memory : undefined, "input", index);
    yield {
      open,
      speaker: isMessage ? speakerOf(role) : "model",
      type,
      role,
      content: (isMessage ? values.content : values.output) ?? null,
      isMarked: mark.isMarked,
      isOptedOut: mark.isOptedOut,
      id: stringAt(document, values.call_id) ?? stringAt(document, values.id),
    };
  }
}

const MESSAGE = "message";

function speakerOf(role: string): Message["speaker"] {
  if (role === "user") return "user";
  return role === "assistant" ? "model" : "nobody";
}

function itemTexts(document: JsonDocument, { content }: ResponseItem): string[] {
  return textParts(document, content, TEXT);
}

const TEXT: ReadonlySet<string> = new Set(["input_text", "output_text"]);

function canonicalItem(document: JsonDocument, item: ResponseItem): string | null {
  const { type, role, speaker, id } = item;
  // Clients send reasoning back or leave it out, as they like.
  if (speaker === "nobody" || type === "reasoning") return null;
  if (type === MESSAGE) return canonicalWords(role, itemTexts(document, item));
  return JSON.stringify([type, itemTexts(document, item), id]);
}

/** A message as the turn key sees it. Its id is none of what was said. */
export function canonicalWords(role: string, texts: readonly string[]): string {
  return JSON.stringify([role, texts]);
}

/** The messages of a chat completion, walked over as bytes. */

import type { JsonDocument } from "../edits/json-document.ts";
import {
  elements,
  isArray,
  isObject,
  lastValues,
  type Span,
  stringAt,
  valueAt,
} from "../edits/json-walk.ts";
import { ApiError } from "../errors.ts";

export type ChatMessage = {
  /** Where the message's object begins. */
  readonly open: number;
  readonly role: string;
  readonly name: string | null;
  readonly content: Span | null;
  /** It carries our field `memory`, which has to go. */
  readonly isMarked: boolean;
  /** The field says false: the message is neither stored nor asked about. */
  readonly isOptedOut: boolean;
  readonly toolCalls: Span | null;
  readonly toolCallId: string | null;
};

const FIELDS = ["role", "name", "content", "memory", "tool_calls", "tool_call_id"] as const;

/** The messages in order. What is no object says nothing to us; its provider will have a view. */
export function* chatMessages(document: JsonDocument, list: Span): Generator<ChatMessage, void> {
  let index = -1;
  for (const { start: open } of elements(document, list.start)) {
    index++;
    if (!isObject(document, open)) continue;
    const values = lastValues(document, open, FIELDS);
    yield {
      open,
      role: stringAt(document, values.role) ?? "",
      name: stringAt(document, values.name),
      content: values.content ?? null,
      isMarked: values.memory !== undefined,
      isOptedOut: values.memory !== undefined && !readMemory(document, values.memory, index),
      toolCalls: values.tool_calls ?? null,
      toolCallId: stringAt(document, values.tool_call_id),
    };
  }
}

function readMemory(document: JsonDocument, value: Span, index: number): boolean {
  const memory = valueAt(document, value);
  if (typeof memory === "boolean") return memory;
  const param = `messages[${index}].memory`;
  throw new ApiError("invalid_request", `\`${param}\` has to be true or false.`, { param });
}

/** A message's text parts; a string is one of them. Images, audio and files are none. */
export function textParts(document: JsonDocument, content: Span | null): string[] {
  if (content === null) return [];
  const whole = stringAt(document, content);
  if (whole !== null) return [whole];
  const texts: string[] = [];
  for (const { start } of elements(document, content.start)) {
    const part = lastValues(document, start, ["type", "text"]);
    if (stringAt(document, part.type) !== "text") continue;
    const text = stringAt(document, part.text);
    if (text !== null) texts.push(text);
  }
  return texts;
}

/** Where the last part of list content ends. */
export function endOfLastPart(document: JsonDocument, content: Span): number | null {
  if (!isArray(document, content.start)) return null;
  let last: number | null = null;
  for (const { end } of elements(document, content.start)) last = end;
  return last;
}

/**
 * A message as the turn key sees it, on a line of its own; null for instructions, which may change
 * between two requests of one turn.
 *
 * Text in a string equals text in a list of one part: clients rewrite the one into the other when
 * they move a cache marker. JSON keeps two different messages from ever reading the same.
 */
export function canonicalMessage(document: JsonDocument, message: ChatMessage): string | null {
  const { role, name, content, toolCallId } = message;
  if (role === "system" || role === "developer") return null;
  const ids = toolCallId === null ? [] : [toolCallId];
  for (const { start } of message.toolCalls ? elements(document, message.toolCalls.start) : []) {
    ids.push(stringAt(document, lastValues(document, start, ["id"]).id) ?? "");
  }
  return JSON.stringify([role, name, textParts(document, content), ids]);
}

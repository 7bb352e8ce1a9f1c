/**
 * The messages of Anthropic's dialect, walked over as bytes.
 *
 * Tool results come in the user's name. A message that holds one is the model's turn, whatever else
 * it holds: clients put reminders of their own beside the results.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, isObject, lastValues, type Span, stringAt } from "../edits/json-walk.ts";
import { textParts } from "./content-parts.ts";
import type { Message, Spelling } from "./conversation.ts";
import { readMark } from "./memory-mark.ts";

export type AnthropicMessage = Message & { readonly role: string };

export const anthropicSpelling: Spelling<AnthropicMessage> = {
  messages: anthropicMessages,
  texts: messageTexts,
  line: canonicalMessage,
};

const FIELDS = ["role", "content", "memory"] as const;

function* anthropicMessages(document: JsonDocument, list: Span): Generator<AnthropicMessage, void> {
  let index = -1;
  for (const { start: open } of elements(document, list.start)) {
    index++;
    if (!isObject(document, open)) continue;
    const values = lastValues(document, open, FIELDS);
    const { isMarked, isOptedOut } = readMark(document, values.memory, "messages", index);
    const role = stringAt(document, values.role) ?? "";
    const content = values.content ?? null;
    yield {
      open,
      speaker: speakerOf(document, role, content),
      role,
      content,
      isMarked,
      isOptedOut,
    };
  }
}

function speakerOf(document: JsonDocument, role: string, content: Span | null): Message["speaker"] {
  if (role === "assistant") return "model";
  if (role !== "user") return "nobody";
  return holdsToolResult(document, content) ? "model" : "user";
}

function holdsToolResult(document: JsonDocument, content: Span | null): boolean {
  for (const { start } of content ? elements(document, content.start) : []) {
    const { type } = lastValues(document, start, ["type"]);
    if (stringAt(document, type)?.endsWith(TOOL_RESULT)) return true;
  }
  return false;
}

/** Results of the provider's own tools are called `web_search_tool_result` and the like. */
const TOOL_RESULT = "tool_result";

/** What is said in a content, without what its tools answered. */
export function blockTexts(document: JsonDocument, content: Span | null): string[] {
  return textParts(document, content, TEXT);
}

const TEXT: ReadonlySet<string> = new Set(["text"]);

/** All text of a message, what tools answered included. */
function messageTexts(document: JsonDocument, { speaker, content }: AnthropicMessage): string[] {
  const texts = blockTexts(document, content);
  if (speaker === "user" || !content) return texts;
  for (const { start } of elements(document, content.start)) {
    const { type, content: result } = lastValues(document, start, ["type", "content"]);
    if (result === undefined || stringAt(document, type) !== TOOL_RESULT) continue;
    for (const text of blockTexts(document, result)) texts.push(text);
  }
  return texts;
}

function canonicalMessage(document: JsonDocument, message: AnthropicMessage): string | null {
  const { role, speaker, content } = message;
  if (speaker === "nobody") return null;
  const ids: string[] = [];
  for (const { start } of content ? elements(document, content.start) : []) {
    const { id, tool_use_id } = lastValues(document, start, ["id", "tool_use_id"]);
    const named = stringAt(document, id) ?? stringAt(document, tool_use_id);
    if (named !== null) ids.push(named);
  }
  return JSON.stringify([role, messageTexts(document, message), ids]);
}

/** The messages of a chat completion, walked over as bytes. */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, isObject, lastValues, type Span, stringAt } from "../edits/json-walk.ts";
import { textParts } from "./content-parts.ts";
import type { Message, Spelling } from "./conversation.ts";
import { readMark } from "./memory-mark.ts";

export type ChatMessage = Message & {
  readonly role: string;
  readonly name: string | null;
  readonly toolCalls: Span | null;
  readonly toolCallId: string | null;
};

export const chatSpelling: Spelling<ChatMessage> = {
  messages: chatMessages,
  texts: (document, { content }) => chatTexts(document, content),
  line: canonicalMessage,
};

const FIELDS = ["role", "name", "content", "memory", "tool_calls", "tool_call_id"] as const;

function* chatMessages(document: JsonDocument, list: Span): Generator<ChatMessage, void> {
  let index = -1;
  for (const { start: open } of elements(document, list.start)) {
    index++;
    if (!isObject(document, open)) continue;
    const values = lastValues(document, open, FIELDS);
    const { isMarked, isOptedOut } = readMark(document, values.memory, "messages", index);
    const role = stringAt(document, values.role) ?? "";
    yield {
      open,
      speaker: speakerOf(role),
      role,
      name: stringAt(document, values.name),
      content: values.content ?? null,
      isMarked,
      isOptedOut,
      toolCalls: values.tool_calls ?? null,
      toolCallId: stringAt(document, values.tool_call_id),
    };
  }
}

function speakerOf(role: string): Message["speaker"] {
  if (role === "user") return "user";
  return MODEL_ROLES.has(role) ? "model" : "nobody";
}

/** Who speaks between two user messages. `function` is what tools were called before 2023's end. */
const MODEL_ROLES: ReadonlySet<string> = new Set(["assistant", "tool", "function"]);

/** What a chat's content says. */
export function chatTexts(document: JsonDocument, content: Span | null): string[] {
  return textParts(document, content, TEXT);
}

const TEXT: ReadonlySet<string> = new Set(["text"]);

function canonicalMessage(document: JsonDocument, message: ChatMessage): string | null {
  const { role, name, content, toolCallId } = message;
  if (role === "system" || role === "developer") return null;
  const ids = toolCallId === null ? [] : [toolCallId];
  for (const { start } of message.toolCalls ? elements(document, message.toolCalls.start) : []) {
    ids.push(stringAt(document, lastValues(document, start, ["id"]).id) ?? "");
  }
  return JSON.stringify([role, name, chatTexts(document, content), ids]);
}

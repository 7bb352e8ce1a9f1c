/**
 * OpenAI's chat completions, which most providers speak.
 *
 * The block becomes the last thing in the newest user message: appended to its text, or as one more
 * text part. Every byte before it stays what the client sent, so a provider's prompt cache holds.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { isArray, type Span, stringAt } from "../edits/json-walk.ts";
import { removeMembers } from "../edits/remove-members.ts";
import { type Edit, escapeText, insertion, splice } from "../edits/splice.ts";
import { ApiError } from "../errors.ts";
import {
  canonicalMessage,
  type ChatMessage,
  chatMessages,
  endOfLastPart,
  textParts,
} from "./chat-messages.ts";
import { listenToChat } from "./chat-listener.ts";
import type { Call, Dialect, Edits, ReadOptions } from "./dialect.ts";
import { readRequestBody } from "./request-body.ts";

export const chatCompletions: Dialect = {
  id: "chat-completions",
  path: "/chat/completions",
  read: readChat,
  listen: listenToChat,
};

function readChat(bytes: Uint8Array<ArrayBuffer>, options: ReadOptions): Call {
  const body = readRequestBody(bytes, ["messages"], options);
  const { document } = body;
  const lists = body.valuesOf("messages");
  const list = checkedMessages(document, lists.at(-1));
  const outline = outlineOf(document, list);
  const newest = outline.newest;
  const parts = newest === null ? [] : textParts(document, newest.content);
  const text = newest?.isOptedOut ? "" : parts.join("\n\n");
  const place = text.trim() === "" ? null : placeOfBlock(document, newest?.content ?? null);
  const said = once(() => sequencesOf(document, list, newest?.open ?? Infinity));
  const texts = once(() => textsOf(document, list));

  return {
    model: body.model,
    streamed: body.streamed,
    steering: body.steering,
    newestUserText: place === null ? null : text,
    newestUserName: newest?.name ?? null,
    continues: outline.continues,
    openingUserText: outline.openingUserText,
    previousResponseId: null,
    get turnSequence() {
      return said().turn;
    },
    get stepSequence() {
      return said().step;
    },
    get texts() {
      return texts();
    },
    write: ({ model, block }: Edits) => {
      const edits = [...body.editModel(model), ...body.removeOwnFields()];
      for (const each of lists) {
        if (each !== list || outline.hasMarks) unmarkMessages(document, each, edits);
      }
      if (block !== null && place !== null) edits.push(place(block));
      return splice(bytes, edits);
    },
  };
}

function checkedMessages(document: JsonDocument, list: Span | undefined): Span {
  if (list === undefined)
    throw invalidMessages("`messages` is missing. Send the conversation in it.");
  if (!isArray(document, list.start)) throw invalidMessages("`messages` has to be an array.");
  for (const _ of chatMessages(document, list)) return list;
  throw invalidMessages("`messages` holds no message. Send at least one.");
}

function invalidMessages(message: string): ApiError {
  return new ApiError("invalid_request", message, { param: "messages" });
}

type Outline = {
  /** The last user message, whatever it holds. */
  readonly newest: ChatMessage | null;
  readonly continues: boolean;
  readonly openingUserText: string | null;
  /** Some message carries our `memory` field. */
  readonly hasMarks: boolean;
};

function outlineOf(document: JsonDocument, list: Span): Outline {
  let newest: ChatMessage | null = null;
  let continues = false;
  let openingUserText: string | null = null;
  let hasMarks = false;
  for (const message of chatMessages(document, list)) {
    hasMarks ||= message.isMarked;
    if (message.role === "user") {
      newest = message;
      continues = false;
      openingUserText ??= textParts(document, message.content).join("\n\n") || null;
    } else if (newest !== null && TURN_ROLES.has(message.role)) {
      continues = true;
    }
  }
  return { newest, continues, openingUserText, hasMarks };
}

/** Who speaks between two user messages. `function` is what tools were called before 2023's end. */
const TURN_ROLES: ReadonlySet<string> = new Set(["assistant", "tool", "function"]);

/** The conversation, a line each: up to and with the message that begins at `last`, and whole. */
function sequencesOf(document: JsonDocument, list: Span, last: number) {
  const upToLast: string[] = [];
  const behind: string[] = [];
  for (const message of chatMessages(document, list)) {
    const line = canonicalMessage(document, message);
    if (line !== null) (message.open > last ? behind : upToLast).push(line);
  }
  const turn = upToLast.join("\n");
  return { turn, step: behind.length === 0 ? turn : `${turn}\n${behind.join("\n")}` };
}

function textsOf(document: JsonDocument, list: Span): string[] {
  const texts: string[] = [];
  for (const { content } of chatMessages(document, list)) {
    for (const text of textParts(document, content)) texts.push(text);
  }
  return texts;
}

/** What is long to make and not always asked for is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** How the block gets into the newest user message; null when there is no text to stand behind. */
function placeOfBlock(
  document: JsonDocument,
  content: Span | null,
): ((block: string) => Edit) | null {
  if (content === null) return null;
  if (stringAt(document, content) !== null) {
    const closingQuote = content.end - 1;
    return (block) => insertion(closingQuote, escapeText(block));
  }
  const end = endOfLastPart(document, content);
  if (end === null) return null;
  return (block) => insertion(end, `,${JSON.stringify({ type: "text", text: block })}`);
}

/** Takes our `memory` field out of every message that has it. */
function unmarkMessages(document: JsonDocument, list: Span, edits: Edit[]): void {
  for (const { open, isMarked } of chatMessages(document, list)) {
    if (!isMarked) continue;
    for (const edit of removeMembers(document, open, (key) => key === "memory")) edits.push(edit);
    if (edits.length > MOST_EDITS) {
      throw invalidMessages("`memory` stands in too many messages. Mark fewer.");
    }
  }
}

/** Far above what any provider takes; a list of edits must not outgrow the body it edits. */
const MOST_EDITS = 200_000;

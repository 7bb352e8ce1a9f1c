/**
 * A conversation as memory sees it: what the user said last, who spoke behind it, and by what names
 * a turn is recognised.
 *
 * Dialects spell messages differently and mean the same, so each says how to read one of its
 * messages, and what follows from them is found out here.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import type { Span } from "../edits/json-walk.ts";
import type { MemoryMark } from "./memory-mark.ts";

export type Message = MemoryMark & {
  /** Where the message's object begins. */
  readonly open: number;
  /** The model's tools and their results count as the model; instructions are nobody's. */
  readonly speaker: "user" | "model" | "nobody";
  readonly content: Span | null;
};

/** How a dialect spells its messages. */
export type Spelling<M extends Message> = {
  /** The messages in order. What is no object says nothing to us; its provider will have a view. */
  readonly messages: (document: JsonDocument, list: Span) => Iterable<M>;
  readonly texts: (document: JsonDocument, message: M) => string[];
  /**
   * A message as the turn key sees it, on a line of its own; null for what may change between two
   * requests of one turn, such as instructions.
   *
   * Text in a string equals text in a list of one part: clients rewrite the one into the other when
   * they move a cache marker. JSON keeps two different messages from ever reading the same.
   */
  readonly line: (document: JsonDocument, message: M) => string | null;
};

export type Conversation<M extends Message> = {
  /** The last user message, whatever it holds. */
  readonly newest: M | null;
  /** What it says; null when that is nothing, or none of our business. */
  readonly newestText: string | null;
  readonly continues: boolean;
  readonly openingUserText: string | null;
  /** Some message carries our `memory` field. */
  readonly hasMarks: boolean;
  readonly sequences: () => Sequences;
  /** Every text in it. */
  readonly texts: () => readonly string[];
};

/** A line a message: up to and with the newest user message, and of the whole. */
export type Sequences = { readonly turn: string; readonly step: string };

export function readConversation<M extends Message>(
  document: JsonDocument,
  list: Span,
  spelling: Spelling<M>,
): Conversation<M> {
  const outline = outlineOf(document, list, spelling);
  const { newest } = outline;
  const text = newest === null || newest.isOptedOut ? "" : joined(spelling.texts(document, newest));
  return {
    ...outline,
    newestText: text.trim() === "" ? null : text,
    sequences: once(() => sequencesOf(document, list, spelling, newest?.open ?? Infinity)),
    texts: once(() => textsOf(document, list, spelling)),
  };
}

const joined = (texts: readonly string[]) => texts.join("\n\n");

function outlineOf<M extends Message>(document: JsonDocument, list: Span, spelling: Spelling<M>) {
  let newest: M | null = null;
  let continues = false;
  let openingUserText: string | null = null;
  let hasMarks = false;
  for (const message of spelling.messages(document, list)) {
    hasMarks ||= message.isMarked;
    if (message.speaker === "user") {
      newest = message;
      continues = false;
      openingUserText ??= joined(spelling.texts(document, message)) || null;
    } else if (newest !== null && message.speaker === "model") {
      continues = true;
    }
  }
  return { newest, continues, openingUserText, hasMarks };
}

function sequencesOf<M extends Message>(
  document: JsonDocument,
  list: Span,
  spelling: Spelling<M>,
  last: number,
): Sequences {
  const upToLast: string[] = [];
  const behind: string[] = [];
  for (const message of spelling.messages(document, list)) {
    const line = spelling.line(document, message);
    if (line !== null) (message.open > last ? behind : upToLast).push(line);
  }
  const turn = upToLast.join("\n");
  return { turn, step: behind.length === 0 ? turn : `${turn}\n${behind.join("\n")}` };
}

function textsOf<M extends Message>(
  document: JsonDocument,
  list: Span,
  spelling: Spelling<M>,
): string[] {
  const texts: string[] = [];
  for (const message of spelling.messages(document, list)) {
    for (const text of spelling.texts(document, message)) texts.push(text);
  }
  return texts;
}

/** What is long to make and not always asked for is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * OpenAI's Responses, which a provider may keep and go on with by their ids.
 *
 * What the user says is a string or a list of items; the block becomes the end of the string, or
 * one more part of the newest user message. `instructions` are a system prompt: they stay as they
 * are and name no turn.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { isObject, lastValues, type Span, stringAt, valueAt } from "../edits/json-walk.ts";
import { splice } from "../edits/splice.ts";
import { ApiError } from "../errors.ts";
import { placeOfBlock } from "./content-parts.ts";
import { readConversation } from "./conversation.ts";
import type { Call, Dialect, ReadOptions } from "./dialect.ts";
import { unmark } from "./memory-mark.ts";
import { readRequestBody, type RequestBody } from "./request-body.ts";
import { canonicalWords, responseSpelling } from "./response-items.ts";
import { listenToResponse } from "./response-listener.ts";

export const responses: Dialect = {
  id: "responses",
  path: "/responses",
  read: readResponse,
  listen: listenToResponse,
};

const OWN_FIELDS = ["input", "instructions", "previous_response_id", "conversation", "store"];

function readResponse(bytes: Uint8Array<ArrayBuffer>, options: ReadOptions): Call {
  const body = readRequestBody(bytes, OWN_FIELDS, options);
  const { document } = body;
  const inputs = body.valuesOf("input");
  const input = inputs.at(-1);
  const talk = readInput(document, input);
  const place =
    talk.newestText === null ? null : placeOfBlock(document, talk.content, "input_text");
  const previous = idsOf(body, "previous_response_id");

  return {
    model: body.model,
    streamed: body.streamed,
    steering: body.steering,
    newestUserText: place === null ? null : talk.newestText,
    newestUserName: null,
    continues: talk.continues,
    openingUserText: talk.openingUserText,
    previousResponseId: previous.at(-1) ?? null,
    continued: [...previous, ...idsOf(body, "conversation")],
    isKept: valueAt(document, body.valuesOf("store").at(-1)) !== false,
    get turnSequence() {
      return talk.sequences().turn;
    },
    get stepSequence() {
      return talk.sequences().step;
    },
    get texts() {
      const instructions = stringAt(document, body.valuesOf("instructions").at(-1));
      return instructions === null ? talk.texts() : [instructions, ...talk.texts()];
    },
    write: ({ model, block }) => {
      const edits = [...body.editModel(model), ...body.removeFields()];
      for (const each of inputs) {
        if (each === input && !talk.hasMarks) continue;
        unmark(document, responseSpelling.messages(document, each), "input", edits);
      }
      if (block !== null && place !== null) edits.push(place(block));
      return splice(bytes, edits);
    },
  };
}

/**
 * What the input says: a string is the user speaking. An input of another kind, or none, as a
 * stored prompt allows, says nothing to us; its provider will have a view.
 */
function readInput(document: JsonDocument, input: Span | undefined) {
  const words = stringAt(document, input);
  if (words === null) {
    const talk = readConversation(document, input ?? NOWHERE, responseSpelling);
    return { ...talk, content: talk.newest?.content ?? null };
  }
  const line = canonicalWords("user", [words]);
  return {
    content: input ?? null,
    newestText: words.trim() === "" ? null : words,
    openingUserText: words || null,
    continues: false,
    hasMarks: false,
    sequences: () => ({ turn: line, step: line }),
    texts: () => [words],
  };
}

/** Where no list begins. */
const NOWHERE: Span = { start: 0, end: 0 };

/**
 * The ids a field names, as `"id"` or as `{"id": "id"}`. Every occurrence counts: a provider may
 * read another than we do.
 */
function idsOf({ document, valuesOf }: RequestBody, name: string): string[] {
  return valuesOf(name).flatMap((value) => {
    if (valueAt(document, value) === null) return [];
    const isWrapped = isObject(document, value.start);
    const id = stringAt(document, isWrapped ? lastValues(document, value.start, ["id"]).id : value);
    if (id !== null) return [id];
    const message = `\`${name}\` has to be the id of one that was made before.`;
    throw new ApiError("invalid_request", message, { param: name });
  });
}

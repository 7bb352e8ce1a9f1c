/**
 * Anthropic's messages.
 *
 * `system` stands beside the messages and stays as it is. The block becomes the last thing in the
 * newest user message that holds no tool result, behind every mark of the prompt cache.
 */

import { type Span, stringAt } from "../edits/json-walk.ts";
import { type Edit, insertion, splice } from "../edits/splice.ts";
import { anthropicSpelling, blockTexts } from "./anthropic-messages.ts";
import {
  automaticMark,
  lastMarkablePart,
  MARKED_FIELDS,
  markPart,
  marksMessages,
  moveAutomaticMark,
  NO_MOVE,
} from "./cache-markers.ts";
import { placeOfBlock } from "./content-parts.ts";
import { readConversation } from "./conversation.ts";
import type { Call, Dialect, ReadOptions } from "./dialect.ts";
import { unmark } from "./memory-mark.ts";
import { checkedMessages } from "./message-list.ts";
import { listenToMessage } from "./message-listener.ts";
import { readRequestBody, type RequestBody } from "./request-body.ts";

export const messages: Dialect = {
  id: "messages",
  path: "/messages",
  read: readMessages,
  listen: listenToMessage,
};

/** Asks how many tokens the same request would be. Nothing is said in it, so nothing is remembered. */
export const messageTokens: Dialect = {
  ...messages,
  path: "/messages/count_tokens",
  isOnlyCounted: true,
};

function readMessages(bytes: Uint8Array<ArrayBuffer>, options: ReadOptions): Call {
  const body = readRequestBody(bytes, MARKED_FIELDS, options);
  const { document } = body;
  const lists = body.valuesOf("messages");
  const list = checkedMessages(document, lists.at(-1));
  const talk = readConversation(document, list, anthropicSpelling);
  const content = talk.newestText === null ? null : (talk.newest?.content ?? null);

  return {
    model: body.model,
    streamed: body.streamed,
    steering: body.steering,
    newestUserText: talk.newestText,
    newestUserName: null,
    continues: talk.continues,
    openingUserText: talk.openingUserText,
    previousResponseId: null,
    continued: [],
    isKept: false,
    get turnSequence() {
      return talk.sequences().turn;
    },
    get stepSequence() {
      return talk.sequences().step;
    },
    get texts() {
      const system = body.valuesOf("system").at(-1) ?? null;
      return [...blockTexts(document, system), ...talk.texts()];
    },
    write: ({ model, block }) => {
      const insert =
        block === null || content === null ? NOTHING : placeBlock(body, content, talk.continues);
      const edits = [...body.editModel(model), ...body.removeFields(insert.removed)];
      for (const each of lists) {
        if (each === list && !talk.hasMarks) continue;
        unmark(document, anthropicSpelling.messages(document, each), "messages", edits);
      }
      if (block !== null) edits.push(...insert.edits(block));
      return splice(bytes, edits);
    },
  };
}

/** How the block gets into a body. */
type Insert = {
  /** Top-level fields that have to go for it. */
  readonly removed: readonly string[];
  readonly edits: (block: string) => Edit[];
};

const NOTHING: Insert = { removed: [], edits: () => [] };

function placeBlock(body: RequestBody, content: Span, continues: boolean): Insert {
  const { document } = body;
  const automatic = automaticMark(body);
  const isText = stringAt(document, content) !== null;
  const part = isText ? null : lastMarkablePart(document, content);
  const move = automatic === null || continues ? NO_MOVE : moveAutomaticMark(body, automatic, part);
  const { removed, mark } = move;

  if (isText && (automatic !== null || marksMessages(body))) {
    return { removed, edits: (block) => listEdits(content, mark, block) };
  }
  const place = placeOfBlock(document, content, "text");
  if (place === null) return NOTHING;
  const marking = part === null || mark === null ? [] : [markPart(document, part, mark)];
  return { removed, edits: (block) => [...marking, place(block)] };
}

/** Makes a string a list of two texts, its own bytes the first. */
function listEdits({ start, end }: Span, mark: string | null, block: string): Edit[] {
  const behind = mark === null ? "" : `,"cache_control":${mark}`;
  return [
    insertion(start, '[{"type":"text","text":'),
    insertion(end, `${behind}},${JSON.stringify({ type: "text", text: block })}]`),
  ];
}

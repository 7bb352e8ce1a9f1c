/**
 * OpenAI's chat completions, which most providers speak.
 *
 * The block becomes the last thing in the newest user message: appended to its text, or as one more
 * text part. Every byte before it stays what the client sent, so a provider's prompt cache holds.
 */

import { splice } from "../edits/splice.ts";
import { chatSpelling } from "./chat-messages.ts";
import { listenToChat } from "./chat-listener.ts";
import { placeOfBlock } from "./content-parts.ts";
import { readConversation } from "./conversation.ts";
import type { Call, Dialect, ReadOptions } from "./dialect.ts";
import { unmark } from "./memory-mark.ts";
import { checkedMessages } from "./message-list.ts";
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
  const talk = readConversation(document, list, chatSpelling);
  const place =
    talk.newestText === null ? null : placeOfBlock(document, talk.newest?.content ?? null, "text");

  return {
    model: body.model,
    streamed: body.streamed,
    steering: body.steering,
    newestUserText: place === null ? null : talk.newestText,
    newestUserName: talk.newest?.name ?? null,
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
      return talk.texts();
    },
    write: ({ model, block }) => {
      const edits = [...body.editModel(model), ...body.removeFields()];
      for (const each of lists) {
        if (each === list && !talk.hasMarks) continue;
        unmark(document, chatSpelling.messages(document, each), "messages", edits);
      }
      if (block !== null && place !== null) edits.push(place(block));
      return splice(bytes, edits);
    },
  };
}

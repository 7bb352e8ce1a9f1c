/**
 * What Anthropic's model says in a message: its texts, why it stopped, what it cost.
 *
 * Thinking, tool calls and citations pass by unheard. Citations cut a text into several, which are
 * one all the same; what another block stands between was said apart.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, lastValues, stringAt, valueAt } from "../edits/json-walk.ts";
import { stripBlocks } from "../recall/block.ts";
import { createListener } from "./answer-listener.ts";
import type { Listener, Usage } from "./dialect.ts";
import { countField, field, parsed, textField } from "./json-field.ts";
import { createTextKeeper, keptId } from "./kept-text.ts";

export function listenToMessage(): Listener {
  const text = createTextKeeper();
  let finish: string | null = null;
  let hasError = false;
  let sawEnd = false;
  let counts: Counts = UNCOUNTED;
  let responseId: string | null = null;

  const readBlock = (type: string | null, words: string | null) => {
    if (type === "text") text.add(words ?? "");
    else text.breakOff();
  };

  return createListener({
    readEvent: (data, name) => {
      const event = parsed(data);
      const type = textField(event, "type") ?? name;
      const message = field(event, "message");
      const block = field(event, "content_block");
      const delta = field(event, "delta");
      hasError ||= type === "error";
      sawEnd ||= type === "message_stop";
      if (type === "message_start") {
        responseId ??= keptId(textField(message, "id"));
        counts = counted(counts, field(message, "usage"));
      }
      if (type === "content_block_start") {
        readBlock(textField(block, "type"), textField(block, "text"));
      }
      if (type === "content_block_delta" && textField(delta, "type") === "text_delta") {
        text.add(textField(delta, "text") ?? "");
      }
      if (type === "message_delta") {
        finish = textField(delta, "stop_reason") ?? finish;
        counts = counted(counts, field(event, "usage"));
      }
    },
    readBody: (document) => {
      const body = lastValues(document, document.root, BODY_FIELDS);
      responseId = keptId(stringAt(document, body.id));
      finish = stringAt(document, body.stop_reason);
      hasError = stringAt(document, body.type) === "error";
      counts = counted(counts, valueAt(document, body.usage));
      for (const { start } of body.content ? elements(document, body.content.start) : []) {
        readBlock(...blockAt(document, start));
      }
      sawEnd = true;
    },
    hasEnded: () => sawEnd,
    responseId: () => responseId,
    end: () => {
      const kept = text.end();
      const said = stripBlocks(kept.text);
      const usage = usageOf(counts);
      return { text: said, isCut: kept.isCut, finish, hasError, sawEnd, usage, responseId };
    },
  });
}

const BODY_FIELDS = ["type", "id", "content", "stop_reason", "usage"] as const;

function blockAt(document: JsonDocument, open: number): [type: string | null, text: string | null] {
  const { type, text } = lastValues(document, open, ["type", "text"]);
  return [stringAt(document, type), stringAt(document, text)];
}

/** As Anthropic counts: `input` is what was neither read from the cache nor written to it. */
type Counts = Readonly<
  Record<"input" | "cacheRead" | "cacheWrite" | "output" | "thinking", number | null>
>;

const UNCOUNTED: Counts = {
  input: null,
  cacheRead: null,
  cacheWrite: null,
  output: null,
  thinking: null,
};

/** A stream counts twice, at its beginning and, more and better, at its end. */
function counted(before: Counts, usage: unknown): Counts {
  const details = field(usage, "output_tokens_details");
  return {
    input: countField(usage, "input_tokens") ?? before.input,
    cacheRead: countField(usage, "cache_read_input_tokens") ?? before.cacheRead,
    cacheWrite: countField(usage, "cache_creation_input_tokens") ?? before.cacheWrite,
    output: countField(usage, "output_tokens") ?? before.output,
    thinking: countField(details, "thinking_tokens") ?? before.thinking,
  };
}

/** In OpenAI's terms, which count the whole prompt and say how much of it was cached. */
function usageOf(counts: Counts): Usage | null {
  const { input, cacheRead, cacheWrite, output, thinking } = counts;
  if (Object.values(counts).every((count) => count === null)) return null;
  return {
    prompt: input === null ? null : input + (cacheRead ?? 0) + (cacheWrite ?? 0),
    cached: cacheRead,
    cacheWrite,
    completion: output,
    reasoning: thinking,
  };
}

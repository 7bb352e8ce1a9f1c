/** What an answer to a chat completion says: its first choice, how it ended, what it cost. */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, lastValues, stringAt, valueAt } from "../edits/json-walk.ts";
import { stripBlocks } from "../recall/block.ts";
import { createListener } from "./answer-listener.ts";
import { chatTexts } from "./chat-messages.ts";
import type { Listener, Usage } from "./dialect.ts";
import { countField, field, parsed, textField } from "./json-field.ts";
import { createTextKeeper, keptId } from "./kept-text.ts";

export function listenToChat(): Listener {
  const text = createTextKeeper();
  let finish: string | null = null;
  let hasError = false;
  let sawEnd = false;
  let usage: Usage | null = null;
  let responseId: string | null = null;

  const readCommon = (id: string | null, counted: unknown, error: unknown) => {
    responseId ??= keptId(id);
    usage = readUsage(counted) ?? usage;
    hasError ||= (error ?? null) !== null;
  };
  const readFinish = (reason: string | null) => {
    finish = reason ?? finish;
    hasError ||= reason === "error"; // OpenRouter's way of saying that a stream has failed
  };

  return createListener({
    readEvent: (data, name) => {
      hasError ||= name === "error";
      if (data.trim() === "[DONE]") {
        sawEnd = true;
        return;
      }
      const chunk = parsed(data);
      readCommon(textField(chunk, "id"), field(chunk, "usage"), field(chunk, "error"));
      const choice = firstChoice(field(chunk, "choices"));
      const delta = field(choice, "delta");
      for (const piece of piecesOf(field(delta, "content"))) text.add(piece);
      text.add(textField(delta, "refusal") ?? "");
      readFinish(textField(choice, "finish_reason"));
    },
    readBody: (document) => {
      const body = lastValues(document, document.root, ["id", "choices", "usage", "error"]);
      const error = body.error && valueAt(document, body.error);
      readCommon(stringAt(document, body.id), valueAt(document, body.usage), error);
      const [choice] = body.choices ? elements(document, body.choices.start) : [];
      if (choice) {
        const { message, finish_reason } = lastValues(document, choice.start, CHOICE_FIELDS);
        if (message) for (const words of wordsOf(document, message.start)) text.add(words);
        readFinish(stringAt(document, finish_reason));
      }
      sawEnd = true;
    },
    hasEnded: () => sawEnd,
    responseId: () => responseId,
    end: () => {
      const kept = text.end();
      const said = stripBlocks(kept.text);
      return { text: said, isCut: kept.isCut, finish, hasError, sawEnd, usage, responseId };
    },
  });
}

const CHOICE_FIELDS = ["message", "finish_reason"] as const;

/** A refusal is the assistant's words as much as an answer is. */
function wordsOf(document: JsonDocument, message: number): string[] {
  const { content, refusal } = lastValues(document, message, ["content", "refusal"]);
  return [...chatTexts(document, content ?? null), stringAt(document, refusal) ?? ""];
}

/** Some providers stream parts where OpenAI streams a string. */
function piecesOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content
    .filter((part) => textField(part, "type") === "text")
    .map((part) => textField(part, "text") ?? "");
}

/** With several choices every event speaks for one of them; the first is the one remembered. */
function firstChoice(choices: unknown): unknown {
  if (!Array.isArray(choices)) return undefined;
  return choices.find((choice) => (countField(choice, "index") ?? 0) === 0);
}

function readUsage(usage: unknown): Usage | null {
  const prompt = field(usage, "prompt_tokens_details");
  const completion = field(usage, "completion_tokens_details");
  const counts = {
    prompt: countField(usage, "prompt_tokens"),
    cached: countField(prompt, "cached_tokens"),
    cacheWrite: countField(prompt, "cache_write_tokens"),
    completion: countField(usage, "completion_tokens"),
    reasoning: countField(completion, "reasoning_tokens"),
  };
  return Object.values(counts).some((count) => count !== null) ? counts : null;
}

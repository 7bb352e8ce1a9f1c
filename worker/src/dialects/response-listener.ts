/**
 * What a response says: its messages, how it ended, what it cost.
 *
 * Reasoning, tool calls and citations pass by unheard. Each stream event names itself in its data;
 * the last one repeats the whole response, of which only what was not heard before is taken.
 */

import type { JsonDocument } from "../edits/json-document.ts";
import { elements, lastValues, type Span, stringAt, valueAt } from "../edits/json-walk.ts";
import { stripBlocks } from "../recall/block.ts";
import { createListener } from "./answer-listener.ts";
import type { Listener, Usage } from "./dialect.ts";
import { countField, field, listField, parsed, textField } from "./json-field.ts";
import { createTextKeeper, keptId } from "./kept-text.ts";

export function listenToResponse(): Listener {
  const text = createTextKeeper();
  let speaking: unknown = null;
  let finish: string | null = null;
  let hasError = false;
  let sawEnd = false;
  let usage: Usage | null = null;
  let responseId: string | null = null;

  const readOutcome = ({ id, status, reason, counted, error }: Outcome) => {
    responseId ??= keptId(id);
    usage = readUsage(counted) ?? usage;
    hasError ||= status === "failed" || (error ?? null) !== null;
    if (status !== null && ENDED.has(status)) finish = reason ?? status;
  };
  const readDelta = (event: unknown) => {
    const item = field(event, "output_index") ?? field(event, "item_id");
    if (item !== speaking) text.breakOff();
    speaking = item;
    text.add(textField(event, "delta") ?? "");
  };

  return createListener({
    readEvent: (data, name) => {
      if (data.trim() === "[DONE]") {
        sawEnd = true; // OpenRouter closes every stream with it
        return;
      }
      const event = parsed(data);
      const type = textField(event, "type") ?? name ?? "";
      hasError ||= type === "error";
      if (DELTAS.has(type)) readDelta(event);
      const response = field(event, "response");
      if (response === undefined) return;
      readOutcome(outcomeOf(response));
      if (!LAST_EVENTS.has(type)) return;
      sawEnd = true;
      if (text.isEmpty()) for (const words of wordsOf(response)) sayApart(text, words);
    },
    readBody: (document) => {
      const body = lastValues(document, document.root, BODY_FIELDS);
      readOutcome(outcomeIn(document, body));
      for (const { start } of body.output ? elements(document, body.output.start) : []) {
        sayApart(text, wordsIn(document, start));
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

/** A refusal is the assistant's words as much as an answer is. */
const DELTAS: ReadonlySet<string> = new Set([
  "response.output_text.delta",
  "response.refusal.delta",
]);

const LAST_EVENTS: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

/** States that a response does not leave. One in the background is `queued` at first. */
const ENDED: ReadonlySet<string> = new Set(["completed", "incomplete", "failed", "cancelled"]);

type Outcome = {
  readonly id: string | null;
  readonly status: string | null;
  /** Why it is incomplete. */
  readonly reason: string | null;
  readonly counted: unknown;
  readonly error: unknown;
};

function outcomeOf(response: unknown): Outcome {
  return {
    id: textField(response, "id"),
    status: textField(response, "status"),
    reason: textField(field(response, "incomplete_details"), "reason"),
    counted: field(response, "usage"),
    error: field(response, "error"),
  };
}

const BODY_FIELDS = ["id", "status", "incomplete_details", "usage", "error", "output"] as const;

type Body = Partial<Record<(typeof BODY_FIELDS)[number], Span>>;

function outcomeIn(document: JsonDocument, body: Body): Outcome {
  return {
    id: stringAt(document, body.id),
    status: stringAt(document, body.status),
    reason: textField(valueAt(document, body.incomplete_details), "reason"),
    counted: valueAt(document, body.usage),
    error: valueAt(document, body.error),
  };
}

type TextKeeper = ReturnType<typeof createTextKeeper>;

function sayApart(text: TextKeeper, words: readonly string[]): void {
  text.breakOff();
  for (const piece of words) text.add(piece);
}

/** What the messages of a parsed response say, each by itself. */
function wordsOf(response: unknown): string[][] {
  return listField(response, "output")
    .filter((item) => textField(item, "type") === "message")
    .map((item) =>
      listField(item, "content").map(
        (part) => textField(part, "text") ?? textField(part, "refusal") ?? "",
      ),
    );
}

/** The same of one item in a document. */
function wordsIn(document: JsonDocument, item: number): string[] {
  const { type, content } = lastValues(document, item, ["type", "content"]);
  if (stringAt(document, type) !== "message" || !content) return [];
  return Array.from(elements(document, content.start), ({ start }) => {
    const part = lastValues(document, start, ["text", "refusal"]);
    return stringAt(document, part.text) ?? stringAt(document, part.refusal) ?? "";
  });
}

function readUsage(usage: unknown): Usage | null {
  const input = field(usage, "input_tokens_details");
  const output = field(usage, "output_tokens_details");
  const counts = {
    prompt: countField(usage, "input_tokens"),
    cached: countField(input, "cached_tokens"),
    cacheWrite: countField(input, "cache_write_tokens"),
    completion: countField(usage, "output_tokens"),
    reasoning: countField(output, "reasoning_tokens"),
  };
  return Object.values(counts).some((count) => count !== null) ? counts : null;
}

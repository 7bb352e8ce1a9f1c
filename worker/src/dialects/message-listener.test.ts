import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describeRecorded, heardBy, recorded, UNHEARD } from "../../test/recorded-answers.ts";
import { renderBlock } from "../recall/block.ts";
import { listenToMessage } from "./message-listener.ts";

const encoder = new TextEncoder();

function heardFrom(...chunks: readonly (Uint8Array | string)[]) {
  return heardBy(listenToMessage(), chunks);
}

const event = (type: string, more: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const delta = (text: string) =>
  event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
const start = (usage: object) => event("message_start", { message: { id: "msg_1", usage } });
const stop = (usage: object) =>
  event("message_delta", { delta: { stop_reason: "end_turn" }, usage });

const responseId = "msg_01XFDUDYJgAACzvnptvVoYEL";
const usage = { prompt: 1117, cached: 1024, cacheWrite: 64, completion: 46, reasoning: null };
const ENDED = { sawEnd: true, finish: "end_turn", responseId, usage };

describeRecorded("message-", listenToMessage, [
  [
    "message-plain.sse",
    { ...ENDED, text: "Your dog is called Fenja 🐕, and she is drei Jahre alt…" },
  ],
  ["message-thinking.sse", { ...ENDED, text: "Hello.", usage: { ...usage, reasoning: 12 } }],
  ["message-tools.sse", { ...ENDED, text: "I'll check.", finish: "tool_use" }],
  [
    "message-citations.sse",
    {
      ...ENDED,
      text: "Let me look that up.\n\nYou drink green tea, as always.",
      usage: { ...usage, prompt: 1398 },
    },
  ],
  ["message-refusal.sse", { ...ENDED, text: "I can't help with that.", finish: "refusal" }],
  ["message-length.sse", { ...ENDED, text: "One, two, three", finish: "max_tokens" }],
  [
    "message-error.sse",
    { text: "Half an", hasError: true, responseId, usage: { ...usage, completion: 1 } },
  ],
  [
    "message-odd-framing.sse",
    {
      ...ENDED,
      text: "No space, lone returns, over two lines",
      finish: "stop_sequence",
      usage: { prompt: 3, cached: null, cacheWrite: null, completion: 9, reasoning: null },
    },
  ],
  ["message-plain.json", { ...ENDED, text: 'Hello! 😀 "How" can I assist\nyou today?' }],
  ["message-thinking.json", { ...ENDED, text: "Hello.", usage: { ...usage, reasoning: 12 } }],
  ["message-tools.json", { ...ENDED, text: "I'll check.", finish: "tool_use" }],
  [
    "message-citations.json",
    { ...ENDED, text: "Let me look that up.\n\nYou drink green tea, as always." },
  ],
  ["message-refusal.json", { ...ENDED, text: "I can't help with that.", finish: "refusal" }],
  ["message-error.json", { sawEnd: true, hasError: true }],
]);

describe("listening to Anthropic's messages", () => {
  it("knows from the first event what the message is called, and its end by name", () => {
    const listener = listenToMessage();
    listener.hear(encoder.encode(start({})));
    expect(listener.responseId()).toBe("msg_1");
    listener.hear(encoder.encode(stop({})));
    expect(listener.hasEnded()).toBe(false);
    listener.hear(encoder.encode(event("message_stop")));
    expect(listener.hasEnded()).toBe(true);
  });

  it("counts the whole prompt, of which Anthropic leaves out what the cache read and wrote", () => {
    const counts = {
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 1000,
    };
    const heard = heardFrom(JSON.stringify({ usage: { ...counts, output_tokens: 5 } }));
    expect(heard.usage).toEqual({
      prompt: 1110,
      cached: 100,
      cacheWrite: 1000,
      completion: 5,
      reasoning: null,
    });
  });

  it("lets the last count of a stream stand, and what it leaves out as it was", () => {
    const first = { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 1 };
    const last = { input_tokens: null, cache_read_input_tokens: 90, output_tokens: 7 };
    expect(heardFrom(start(first), stop(last)).usage).toMatchObject({
      prompt: 100,
      cached: 90,
      cacheWrite: null,
      completion: 7,
    });
  });

  it("has no usage where none was reported", () => {
    expect(heardFrom(start({}), stop({})).usage).toBeNull();
  });

  it("hears JSON where a stream was asked for", () => {
    expect(heardFrom("\n \n", recorded("message-plain.json")).text).toContain("Hello!");
  });

  it("hears nothing of an error page", () => {
    expect(heardFrom(recorded("error-page.html"))).toEqual({ ...UNHEARD, sawEnd: true });
  });

  it("keeps 256 KB of an endless answer and says that it is cut", () => {
    const piece = delta("é".repeat(1000));
    const heard = heardFrom(...Array.from({ length: 300 }, () => piece));
    expect(heard.isCut).toBe(true);
    expect(encoder.encode(heard.text)).toHaveLength(256 * 1024);
  });

  it("does not hear our own block when a model repeats it", () => {
    const memory = {
      role: "user",
      name: null,
      content: "My dog is Fenja",
      createdAt: "2025-01-01",
      sessionId: "s",
    };
    const block = renderBlock([memory], new Date("2025-02-01"));
    const echo = Array.from(`You sent: Hello${block}`, (character) => delta(character));
    expect(heardFrom(...echo).text).toBe("You sent: Hello");
  });

  it("never throws, whatever comes", () => {
    const line = fc.constantFrom(
      "data: ",
      "event: error\n",
      "\n",
      "\r\n",
      "{",
      "null",
      '{"type":"content_block_delta","delta":{"type":"text_delta","text":[]}}',
      '{"type":"content_block_start","content_block":null}',
      '{"type":"message_start","message":{"id":7,"usage":[]}}',
      '{"type":"message_delta","delta":7,"usage":{"output_tokens":-1}}',
      '{"content":[null,{"type":"text","text":{}}],"stop_reason":[],"usage":9,"id":[]}',
      '{"content":{"type":"text","text":"x"}}',
    );
    const piece = fc.oneof(
      line.map((text) => encoder.encode(text)),
      fc.uint8Array({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (chunks) => {
        const { text, responseId: id } = heardFrom(...chunks);
        expect({ text, responseId: id }).toEqual({ text: UNHEARD.text, responseId: null });
      }),
      { numRuns: 2000 },
    );
  });
});

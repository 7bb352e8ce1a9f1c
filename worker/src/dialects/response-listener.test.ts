import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describeRecorded, heardBy, recorded, UNHEARD } from "../../test/recorded-answers.ts";
import { renderBlock } from "../recall/block.ts";
import { listenToResponse } from "./response-listener.ts";

const encoder = new TextEncoder();

function heardFrom(...chunks: readonly (Uint8Array | string)[]) {
  return heardBy(listenToResponse(), chunks);
}

const event = (type: string, more: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const delta = (text: string, item = 0) =>
  event("response.output_text.delta", { output_index: item, delta: text });

const responseId = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";
const usage = { prompt: 1117, cached: 1024, cacheWrite: 64, completion: 46, reasoning: 12 };
const COMPLETED = { sawEnd: true, finish: "completed", responseId, usage };

describeRecorded("response-", listenToResponse, [
  [
    "response-plain.sse",
    { ...COMPLETED, text: "Your dog is called Fenja 🐕, and she is drei Jahre alt…" },
  ],
  ["response-tools.sse", COMPLETED],
  [
    "response-citations.sse",
    { ...COMPLETED, text: "Let me look that up.\n\nGreen tea, as always." },
  ],
  ["response-refusal.sse", { ...COMPLETED, text: "I'm sorry, I can't help with that." }],
  ["response-incomplete.sse", { ...COMPLETED, text: "Once upon a", finish: "max_output_tokens" }],
  [
    "response-failed.sse",
    { sawEnd: true, text: "Half an", finish: "failed", hasError: true, responseId },
  ],
  ["response-error.sse", { text: "Half an", hasError: true, responseId }],
  ["response-background.sse", { ...COMPLETED, text: "Done." }],
  [
    "response-openrouter.sse",
    {
      ...COMPLETED,
      text: "Green tea, as always.",
      responseId: "gen-1741570283-Yq7",
      usage: { prompt: 220, cached: 128, cacheWrite: null, completion: 31, reasoning: 24 },
    },
  ],
  [
    "response-odd-framing.sse",
    { ...COMPLETED, text: "No space, lone returns, over two lines", usage: null },
  ],
  ["response-plain.json", { ...COMPLETED, text: 'Hello! 😀 "How" can I assist\nyou today?' }],
  ["response-tools.json", COMPLETED],
  [
    "response-citations.json",
    { ...COMPLETED, text: "Let me look that up.\n\nGreen tea, as always." },
  ],
  ["response-refusal.json", { ...COMPLETED, text: "I can't help with that." }],
  ["response-incomplete.json", { ...COMPLETED, text: "Once upon a", finish: "max_output_tokens" }],
  ["response-failed.json", { sawEnd: true, finish: "failed", hasError: true, responseId }],
  ["response-background.json", { sawEnd: true, responseId }],
  ["response-error.json", { sawEnd: true, hasError: true }],
]);

describe("listening to a response", () => {
  it("knows what it is called from its first event on", () => {
    const listener = listenToResponse();
    const [first = ""] = new TextDecoder().decode(recorded("response-plain.sse")).split("\n\n");
    listener.hear(encoder.encode(first));
    expect(listener.responseId()).toBeNull();
    listener.hear(encoder.encode("\n\n"));
    expect(listener.responseId()).toBe(responseId);
    expect(listener.hasEnded()).toBe(false);
  });

  it("knows what one in one piece is called once that is there", () => {
    const listener = listenToResponse();
    listener.hear(recorded("response-plain.json"));
    expect(listener.responseId()).toBeNull();
    listener.end();
    expect(listener.responseId()).toBe(responseId);
  });

  it.each(["completed", "incomplete", "failed"])("knows that response.%s is the end", (how) => {
    const listener = listenToResponse();
    listener.hear(encoder.encode(event(`response.${how}`, { response: {} })));
    expect(listener.hasEnded()).toBe(true);
  });

  it("hears the events of a provider that names them in the data alone", () => {
    const named = delta("Hi").replace(/^event: .*\n/, "");
    expect(heardFrom(named).text).toBe("Hi");
  });

  it("takes from the last event what no event has said before", () => {
    const output = [
      { type: "message", content: [{ type: "output_text", text: "Hello" }] },
      { type: "message", content: [{ type: "refusal", refusal: "No." }] },
    ];
    const last = event("response.completed", { response: { output } });
    expect(heardFrom(last).text).toBe("Hello\n\nNo.");
    expect(heardFrom(delta("Hello"), last).text).toBe("Hello");
  });

  it("tells one message from the next", () => {
    expect(heardFrom(delta("One"), delta(" two", 0), delta("Three", 2)).text).toBe(
      "One two\n\nThree",
    );
  });

  it("hears JSON where a stream was asked for", () => {
    expect(heardFrom("\n \n", recorded("response-plain.json")).text).toContain("Hello!");
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
      "[DONE]",
      '{"type":"response.output_text.delta","delta":["x"]}',
      '{"type":"response.completed","response":{"output":[null,{"type":"message","content":7}]}}',
      '{"type":"response.completed","response":7}',
      '{"type":7,"response":{"id":9,"usage":[],"status":{},"incomplete_details":"x"}}',
      '{"output":[{"type":"message","content":[null,7,{}]}],"usage":7,"id":{}}',
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

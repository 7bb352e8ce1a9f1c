import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describeRecorded, heardBy, recorded, UNHEARD } from "../../test/recorded-answers.ts";
import { renderBlock } from "../recall/block.ts";
import { listenToChat } from "./chat-listener.ts";

const encoder = new TextEncoder();

function heardFrom(...chunks: readonly (Uint8Array | string)[]) {
  return heardBy(listenToChat(), chunks);
}

function event(delta: object, more: object = {}): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...more }] })}\n\n`;
}

const OPENAI_USAGE = {
  prompt: 1117,
  cached: 1024,
  cacheWrite: null,
  completion: 46,
  reasoning: 12,
};
const OPENAI_STREAM = { sawEnd: true, responseId: "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG" };
const OPENAI_BODY = {
  sawEnd: true,
  usage: OPENAI_USAGE,
  responseId: "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
};

const ANSWERS = [
  [
    "chat-plain.sse",
    {
      ...OPENAI_STREAM,
      text: "Your dog is called Fenja 🐕, and she is drei Jahre alt…",
      finish: "stop",
      usage: OPENAI_USAGE,
    },
  ],
  ["chat-tools.sse", { ...OPENAI_STREAM, finish: "tool_calls" }],
  [
    "chat-refusal.sse",
    { ...OPENAI_STREAM, text: "I'm sorry, I can't help with that.", finish: "stop" },
  ],
  ["chat-choices.sse", { ...OPENAI_STREAM, text: "Heads!", finish: "length" }],
  [
    "chat-openrouter.sse",
    {
      sawEnd: true,
      text: "Green tea, as always.",
      finish: "stop",
      responseId: "gen-1741570283-Yq7",
      usage: { prompt: 220, cached: 128, cacheWrite: 64, completion: 31, reasoning: 24 },
    },
  ],
  [
    "chat-openrouter-error.sse",
    {
      sawEnd: true,
      text: "It begins",
      finish: "error",
      hasError: true,
      responseId: "gen-1741570283-Yq7",
    },
  ],
  ["chat-openai-error.sse", { ...OPENAI_STREAM, sawEnd: false, text: "Half an", hasError: true }],
  [
    "chat-anthropic.sse",
    {
      sawEnd: true,
      text: "Claude here.",
      finish: "stop",
      responseId: "msg_01AbC",
      usage: { prompt: 14, cached: null, cacheWrite: null, completion: 6, reasoning: null },
    },
  ],
  [
    "chat-odd-framing.sse",
    { ...OPENAI_STREAM, text: "No space, lone returns, over two lines", finish: "stop" },
  ],
  [
    "chat-plain.json",
    { ...OPENAI_BODY, text: 'Hello! 😀 "How" can I assist\nyou today?', finish: "stop" },
  ],
  ["chat-tools.json", { ...OPENAI_BODY, finish: "tool_calls" }],
  ["chat-refusal.json", { ...OPENAI_BODY, text: "I can't help with that.", finish: "stop" }],
  ["chat-error.json", { sawEnd: true, hasError: true }],
  ["error-page.html", { sawEnd: true }],
] as const;

describeRecorded("chat-", listenToChat, ANSWERS);

describe("listening to a chat completion", () => {
  it("knows while it listens when the provider has said that this was all", () => {
    const listener = listenToChat();
    listener.hear(encoder.encode(event({ content: "Hi" })));
    expect(listener.hasEnded()).toBe(false);
    listener.hear(encoder.encode("data: [DO"));
    expect(listener.hasEnded()).toBe(false);
    listener.hear(encoder.encode("NE]\n\n"));
    expect(listener.hasEnded()).toBe(true);
  });

  it("hears the end even when nothing closes its event", () => {
    expect(heardFrom(event({ content: "Hi" }), "data: [DONE]")).toMatchObject({
      text: "Hi",
      sawEnd: true,
    });
  });

  it("keeps a text whose characters are spread over chunks", () => {
    const bytes = encoder.encode(event({ content: "a🐕é記" }));
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(heardFrom(bytes.subarray(0, cut), bytes.subarray(cut)).text).toBe("a🐕é記");
    }
  });

  it("hears JSON where a stream was asked for, behind white space that kept the line open", () => {
    const bytes = recorded("chat-plain.json");
    expect(heardFrom("\n \n", "\n\n", bytes).text).toContain("Hello!");
  });

  it("hears text in parts, as some providers write it", () => {
    const content = [
      { type: "thinking", thinking: [] },
      { type: "text", text: "Bonjour" },
    ];
    expect(heardFrom(event({ content })).text).toBe("Bonjour");
    expect(heardFrom(JSON.stringify({ choices: [{ message: { content } }] })).text).toBe("Bonjour");
  });

  it("hears an error event by its name", () => {
    expect(heardFrom('event: error\ndata: {"message":"overloaded"}\n\n').hasError).toBe(true);
  });

  it("takes a null error and null usage for none", () => {
    const heard = heardFrom(`data: {"choices":[],"error":null,"usage":null}\n\n`);
    expect(heard).toEqual(UNHEARD);
  });

  it.each(["-1", "1.5", '"7"', "1e400", "null", "{}"])("takes a count of %s for none", (count) => {
    const usage = `{"prompt_tokens":${count},"completion_tokens":3}`;
    expect(heardFrom(`data: {"usage":${usage}}\n\n`).usage).toMatchObject({
      prompt: null,
      completion: 3,
    });
  });

  it("keeps 256 KB of an endless answer and says that it is cut", () => {
    const piece = event({ content: "é".repeat(1000) });
    const heard = heardFrom(...Array.from({ length: 300 }, () => piece));
    expect(heard.isCut).toBe(true);
    expect(encoder.encode(heard.text)).toHaveLength(256 * 1024);
  });

  it("understands an event of several megabytes", () => {
    const huge = event({ content: "a", images: ["x".repeat(5_000_000)] });
    const bytes = encoder.encode(huge + event({ content: "b" }, { finish_reason: "stop" }));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    expect(heardFrom(...chunks)).toMatchObject({ text: "ab", finish: "stop", isCut: false });
  });

  it("gives an event without end up, keeps what came before it and says so", () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    const heard = heardFrom(
      event({ content: "before" }),
      "data: ",
      ...Array.from({ length: 20 }, () => chunk),
      "\n\n",
    );
    expect(heard).toMatchObject({ text: "before", isCut: true });
  });

  it("gives a body up that is longer than it may hold", () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    const heard = heardFrom('{"choices":', ...Array.from({ length: 20 }, () => chunk), "[]}");
    expect(heard).toMatchObject({ text: "", isCut: true });
  });

  it("bears half a character, which models write now and then", () => {
    const body = '{"choices":[{"message":{"content":"oh \\ud83d"}}]}';
    expect(heardFrom(body).text).toBe("oh \ud83d");
  });

  it("never throws, whatever comes", () => {
    const line = fc.constantFrom(
      "data: ",
      "data:",
      "data",
      "event: x\n",
      ": c",
      "\n",
      "\r\n",
      "\r",
      "\ufeff",
      "{",
      "null",
      "[DONE]",
      '{"choices":[null]}',
      '{"choices":[{"delta":7,"finish_reason":[]}]}',
      '{"choices":{"0":1},"usage":[],"error":0,"id":9}',
      '{"choices":[{"delta":{"content":"é"}}]}',
    );
    const piece = fc.oneof(
      line.map((text) => encoder.encode(text)),
      fc.uint8Array({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (chunks) => {
        expect(heardFrom(...chunks).text).toMatch(/^é*$/);
      }),
      { numRuns: 2000 },
    );
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
    const echo = Array.from(`You sent: Hello${block}`, (content) => event({ content }));
    expect(heardFrom(...echo, event({ content: " And?" })).text).toBe("You sent: Hello And?");
    expect(heardFrom(...echo.slice(0, -60)).text).toBe("You sent: Hello");
  });
});

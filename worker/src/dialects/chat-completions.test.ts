import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { deep, json, placesOf, space } from "../../test/arbitrary-json.ts";
import { ApiError } from "../errors.ts";
import { chatCompletions } from "./chat-completions.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const BLOCK = '\n\n<memory_context>\nA "note" about 記憶 \\ 😀\n</memory_context>';

function read(body: unknown, keepSessionId = false) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return chatCompletions.read(encoder.encode(text), { keepSessionId });
}

/** What would be sent on, as text. The model stays as it is unless another is named. */
function written(
  body: unknown,
  edits: { model?: string; block?: string } = {},
  keepSessionId = false,
): string {
  const call = read(body, keepSessionId);
  return decoder.decode(
    call.write({ model: edits.model ?? call.model, block: edits.block ?? null }),
  );
}

function refusalOf(body: unknown): { message: string; param: string | null } {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ApiError && error.code === "invalid_request") return error;
    throw error;
  }
  throw new Error("The body was accepted");
}

const user = (content: unknown, more: object = {}) => ({ role: "user", content, ...more });
const assistant = (content: unknown, more: object = {}) => ({
  role: "assistant",
  content,
  ...more,
});
const chat = (...messages: readonly unknown[]) => ({ model: "gpt-4o", messages });
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };

describe("reading a chat completion", () => {
  it("finds the model, the stream and the newest user text", () => {
    const call = read({ ...chat(user("first"), assistant("yes"), user("second")), stream: true });
    expect(call).toMatchObject({
      model: "gpt-4o",
      streamed: true,
      newestUserText: "second",
      newestUserName: null,
      openingUserText: "first",
      continues: false,
      previousResponseId: null,
    });
  });

  it("joins the text parts of a list and passes over everything else in it", () => {
    const parts = [{ type: "text", text: "Look:" }, image, { type: "text", text: "What is it?" }];
    expect(read(chat(user(parts))).newestUserText).toBe("Look:\n\nWhat is it?");
  });

  it("knows who is speaking", () => {
    expect(read(chat(user("Hi", { name: "Ada" }))).newestUserName).toBe("Ada");
  });

  it.each([
    ["only an image", user([image])],
    ["no content", { role: "user" }],
    ["null for content", user(null)],
    ["an empty string", user("")],
    ["nothing but white space", user(" \n ")],
    ["an empty list", user([])],
    ["a message that is opted out", user("secret", { memory: false })],
  ])("finds no newest user text in %s, even behind an earlier one", (_, message) => {
    const call = read(chat(user("earlier"), assistant("yes"), message));
    expect(call.newestUserText).toBeNull();
    expect(decoder.decode(call.write({ model: "gpt-4o", block: BLOCK }))).not.toContain("memory_");
  });

  it("finds no newest user text where nobody but the system speaks", () => {
    expect(read(chat({ role: "system", content: "Be kind" }))).toMatchObject({
      newestUserText: null,
      openingUserText: null,
      continues: false,
    });
  });

  it.each([
    ["an answer", assistant("Well"), true],
    ["a tool's result", { role: "tool", tool_call_id: "c1", content: "12°" }, true],
    ["a function's result", { role: "function", name: "f", content: "12°" }, true],
    ["more instructions", { role: "system", content: "Be brief" }, false],
  ])(
    "says whether the turn goes on when %s stands behind the user's text",
    (_, item, continues) => {
      expect(read(chat(user("Weather?"), item))).toMatchObject({
        newestUserText: "Weather?",
        continues,
      });
    },
  );

  it("gives our fields as they were sent, and undefined for those that were not", () => {
    const call = read({
      ...chat(user("Hi")),
      memory_mode: "read",
      memory_token_budget: [30],
      session_id: null,
    });
    expect(call.steering).toEqual({
      mode: "read",
      sessionId: null,
      tokenBudget: [30],
      recency: undefined,
    });
  });

  it("gathers every text of the request, instructions and tool results included", () => {
    const call = read(
      chat(
        { role: "system", content: "Be kind" },
        user([{ type: "text", text: "a" }, image, { type: "text", text: "b" }]),
        assistant(null),
        { role: "tool", tool_call_id: "c", content: "12°" },
      ),
    );
    expect(call.texts).toEqual(["Be kind", "a", "b", "12°"]);
  });

  it("reads the last of duplicate keys", () => {
    const text = `{"model":"a","messages":[{"role":"user","content":"old"}],"model":"b",
      "messages":[{"role":"assistant","role":"user","content":"x","content":"new"}]}`;
    expect(read(text)).toMatchObject({ model: "b", newestUserText: "new" });
  });

  it.each([
    ["no object", "[]", null, /not a JSON object/],
    ["no JSON", '{"model":', null, /not valid JSON/],
    ["no model", { messages: [user("Hi")] }, "model", /model/],
    ["a model that is no text", { model: 7, messages: [user("Hi")] }, "model", /model/],
    ["an empty model", { model: "", messages: [user("Hi")] }, "model", /model/],
    ["no messages", { model: "m" }, "messages", /missing/],
    ["messages that are no list", { model: "m", messages: "Hi" }, "messages", /array/],
    ["null for messages", { model: "m", messages: null }, "messages", /array/],
    ["an empty list of messages", { model: "m", messages: [] }, "messages", /at least one/],
    [
      "an opt-out that is no yes or no",
      chat(user("a"), user("b", { memory: "no" })),
      "messages[1].memory",
      /true or false/,
    ],
  ])("refuses %s, naming the field", (_, body, param, message) => {
    const refusal = refusalOf(body);
    expect(refusal.message).toMatch(message);
    expect(refusal.param).toBe(param);
  });

  it("refuses a field that is repeated without end", () => {
    const text = `{${'"model":"m",'.repeat(200)}"messages":[]}`;
    expect(refusalOf(text).param).toBe("model");
  });

  it("leaves messages of unknown shape to the provider", () => {
    const body = chat(7, null, { role: "critic", content: "?" }, user("Hi"), { content: 5 });
    expect(read(body).newestUserText).toBe("Hi");
    expect(written(body)).toBe(JSON.stringify(body));
  });
});

describe("writing a chat completion", () => {
  it("gives back the very same bytes when nothing has to change", () => {
    const bytes = encoder.encode('\ufeff { "model" : "m","temperature":1.0, "messages":[{}] }');
    const call = chatCompletions.read(bytes, { keepSessionId: false });
    expect(call.write({ model: "m", block: null })).toBe(bytes);
  });

  it("appends the block to the newest user text, inside its string", () => {
    const body = chat({ role: "system", content: "S" }, user('Hi "you"\n'), assistant("prefill"));
    const expected = chat(
      { role: "system", content: "S" },
      user(`Hi "you"\n${BLOCK}`),
      assistant("prefill"),
    );
    expect(written(body, { block: BLOCK })).toBe(JSON.stringify(expected));
  });

  it("adds the block as the last part of list content, behind images and cache markers", () => {
    const parts = [{ type: "text", text: "See", cache_control: { type: "ephemeral" } }, image];
    const expected = chat(user([...parts, { type: "text", text: BLOCK }]));
    expect(written(chat(user(parts)), { block: BLOCK })).toBe(JSON.stringify(expected));
  });

  it("puts the block of a turn that goes on back where it was", () => {
    const start = chat(user("Weather?"));
    const tools = [
      assistant(null, { tool_calls: [{ id: "c1" }] }),
      { role: "tool", tool_call_id: "c1", content: "12°" },
    ];
    const first = written(start, { block: BLOCK });
    const second = written(chat(user("Weather?"), ...tools), { block: BLOCK });
    expect(second.startsWith(first.slice(0, -"]}".length))).toBe(true);
  });

  it("changes every byte behind the block's place, and none before it", () => {
    const body = chat(user("one"), assistant("two"), user("three"));
    const sent = JSON.stringify(body);
    const place = sent.lastIndexOf('three"') + "three".length;
    const got = written(body, { block: BLOCK });
    expect(got.slice(0, place)).toBe(sent.slice(0, place));
    expect(got.endsWith(sent.slice(place))).toBe(true);
  });

  it.each([
    ["a prefix", '{"model":"openai/gpt-4o","messages":[{}]}', '{"model":"gpt-4o","messages":[{}]}'],
    [
      "an escaped key",
      '{"\\u006dodel":"openai/gpt-4o","messages":[{}]}',
      '{"\\u006dodel":"gpt-4o","messages":[{}]}',
    ],
    [
      "an escaped name",
      '{"model":"openai\\/gpt-4o","messages":[{}]}',
      '{"model":"gpt-4o","messages":[{}]}',
    ],
    [
      "a duplicate, whichever of them the provider reads",
      '{"model":1,"messages":[{}],"model" : "openai/gpt-4o"}',
      '{"model":"gpt-4o","messages":[{}],"model" : "gpt-4o"}',
    ],
  ])("writes the model as its provider knows it: %s", (_, sent, expected) => {
    expect(written(sent, { model: "gpt-4o" })).toBe(expected);
  });

  it("leaves a model alone that is named as its provider knows it, duplicates included", () => {
    const sent = '{"model":"x","messages":[{}],"model":"gpt\\u002d4o"}';
    expect(written(sent, { model: "gpt-4o" })).toBe(sent);
  });

  it("takes our fields out at every occurrence, and only at the top", () => {
    const sent =
      '{"memory_mode":"on","model":"m","session_id":"s","messages":[{"role":"user","content":"memory_mode"}],' +
      '"memory_token_budget":5,"metadata":{"session_id":"theirs"},"memory_recency":"low","\\u006demory_mode":"off"}';
    expect(written(sent)).toBe(
      '{"model":"m","messages":[{"role":"user","content":"memory_mode"}],"metadata":{"session_id":"theirs"}}',
    );
  });

  it("leaves a session id in place for a provider that has its own", () => {
    const sent = '{"model":"m","session_id":"s","memory_mode":"on","messages":[{}]}';
    expect(written(sent, {}, true)).toBe('{"model":"m","session_id":"s","messages":[{}]}');
    expect(read(sent, true).steering.sessionId).toBe("s");
  });

  it("takes the opt-out of every message out, in lists that do not count too", () => {
    const sent =
      '{"messages":[{"memory":true,"role":"user"}],"model":"m",' +
      '"messages":[{"memory":false,"role":"user","content":"a"},{"role":"user","content":"b","memory":true}]}';
    const expected =
      '{"messages":[{"role":"user"}],"model":"m",' +
      `"messages":[{"role":"user","content":"a"},{"role":"user","content":${JSON.stringify(`b${BLOCK}`)}}]}`;
    expect(written(sent, { block: BLOCK })).toBe(expected);
  });

  it("makes all edits in one body", () => {
    const sent =
      '\ufeff{ "memory_mode":"on" ,"model":"openai/m","n":18446744073709551616,\n"messages":[{"role":"user","content":"h\\u0069","memory":true}] }';
    expect(written(sent, { model: "m", block: "!" })).toBe(
      '\ufeff{ "model":"m","n":18446744073709551616,\n"messages":[{"role":"user","content":"h\\u0069!"}] }',
    );
  });
});

const userContent = fc.oneof(
  fc
    .string({ unit: "grapheme", minLength: 1 })
    .map((text) => ({ text: JSON.stringify(`.${text}`), isList: false })),
  fc.tuple(fc.array(json, { maxLength: 2 }), space).map(([others, gap]) => ({
    text: `[${gap}{"type":"text",${gap}"text":"T"}${gap}${others.map((each) => `,${gap}${each}`).join("")}${gap}]`,
    isList: true,
  })),
);
const body = fc
  .tuple(
    space,
    fc.array(fc.oneof(json, deep), { maxLength: 3 }),
    userContent,
    json,
    fc.boolean(),
    fc.boolean(),
  )
  .map(([gap, others, content, extra, hasBom, goesOn]) => {
    const members = others.map((value, index) => `${gap}"x${index % 2}":${value}`);
    const message = `{${gap}"role":"user","content"${gap}:${content.text}${gap},"extra":${extra}}`;
    const behind = goesOn ? `,{"role":"assistant","content":${extra}}` : "";
    const messages = `"messages":${gap}[{"role":"system","content":"S"},${message}${behind}${gap}]`;
    const text = `${gap}{${[...members, '"model":"m"', messages].join(",")}${gap}}${gap}`;
    return { text: hasBom ? `\ufeff${text}` : text, isList: content.isList };
  });

describe("byte identity", () => {
  it("holds for any body in which nothing has to change", () => {
    fc.assert(
      fc.property(body, ({ text }) => {
        const bytes = encoder.encode(text);
        const call = chatCompletions.read(bytes, { keepSessionId: false });
        expect(call.write({ model: "m", block: null })).toBe(bytes);
        expect(decoder.decode(bytes)).toBe(text);
      }),
    );
  });

  it("holds around the block: taking it out gives the client's body back", () => {
    fc.assert(
      fc.property(
        body,
        fc.string({ unit: "grapheme", minLength: 1 }),
        ({ text, isList }, block) => {
          const got = written(text, { block });
          const inserted = isList
            ? `,${JSON.stringify({ type: "text", text: block })}`
            : JSON.stringify(block).slice(1, -1);
          expect(placesOf(inserted, got, text)).not.toEqual([]);

          const before = JSON.parse(text.replace(/^\ufeff/, "")) as {
            messages: { content: unknown }[];
          };
          const after = JSON.parse(got.replace(/^\ufeff/, "")) as {
            messages: { content: unknown }[];
          };
          const content = before.messages[1]?.content;
          const expected = Array.isArray(content)
            ? [...content, { type: "text", text: block }]
            : `${String(content)}${block}`;
          const messages = before.messages.map((each, index) =>
            index === 1 ? { ...each, content: expected } : each,
          );
          expect(after).toEqual({ ...before, messages });
        },
      ),
    );
  });
});

describe("the sequence that names a turn", () => {
  const sequenceOf = (...messages: readonly unknown[]) => read(chat(...messages)).turnSequence;

  it.each([
    [
      "system prompts",
      [{ role: "system", content: "a" }, user("Hi")],
      [{ role: "system", content: "b" }, user("Hi")],
    ],
    ["developer prompts", [user("Hi")], [{ role: "developer", content: "b" }, user("Hi")]],
    [
      "cache markers",
      [user([{ type: "text", text: "Hi" }])],
      [user([{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }])],
    ],
    [
      "a string rewritten as a list of one part",
      [user("Hi")],
      [user([{ type: "text", text: "Hi" }])],
    ],
    ["our fields", [user("Hi")], [user("Hi", { memory: true })]],
    ["what follows the newest user text", [user("Hi")], [user("Hi"), assistant("Well")]],
    ["how a text is written", [user("é")], ["raw"]],
  ])("does not see %s", (_, one, other) => {
    const rewritten = '{"model":"m","messages":[{"content":"\\u00e9","role":"user"}]}';
    const second = other[0] === "raw" ? read(rewritten).turnSequence : sequenceOf(...other);
    expect(sequenceOf(...one)).toBe(second);
  });

  it.each([
    ["who spoke", [user("a"), user("b")], [assistant("a"), user("b")]],
    ["who was named", [user("a", { name: "Ada" })], [user("a", { name: "Bob" })]],
    ["where one message ends", [user("ab"), user("c")], [user("a"), user("bc")]],
    [
      "where one part ends",
      [
        user([
          { type: "text", text: "ab" },
          { type: "text", text: "c" },
        ]),
      ],
      [
        user([
          { type: "text", text: "a" },
          { type: "text", text: "bc" },
        ]),
      ],
    ],
    ["how many messages there are", [user("a"), user("b")], [user('a","b')]],
    [
      "which tools were called",
      [assistant(null, { tool_calls: [{ id: "1" }] }), user("a")],
      [assistant(null, { tool_calls: [{ id: "2" }] }), user("a")],
    ],
    ["a second yes", [user("yes")], [user("yes"), assistant("ok"), user("yes")]],
  ])("sees %s", (_, one, other) => {
    expect(sequenceOf(...one)).not.toBe(sequenceOf(...other));
  });

  it("begins the sequence of a step, which sees tool results too", () => {
    const start = [user("Weather?"), assistant(null, { tool_calls: [{ id: "c1" }] })];
    const cold = read(chat(...start, { role: "tool", tool_call_id: "c1", content: "1°" }));
    const warm = read(chat(...start, { role: "tool", tool_call_id: "c1", content: "30°" }));
    expect(cold.turnSequence).toBe(warm.turnSequence);
    expect(cold.stepSequence).not.toBe(warm.stepSequence);
    expect(cold.stepSequence.startsWith(`${cold.turnSequence}\n`)).toBe(true);
  });
});

describe("a very long conversation", () => {
  it("is read though one message has 300,000 parts", () => {
    const parts = Array.from({ length: 300_000 }, () => ({ type: "text", text: "a" }));
    const call = read(chat(user(parts)));
    expect(call.texts).toHaveLength(300_000);
    expect(call.newestUserText).toHaveLength(900_000 - 2);
  });

  it("is refused when more is to be taken out of it than the list of edits may hold", () => {
    const marked = `{"memory":true${',"memory":true'.repeat(300_000)}}`;
    expect(() => written(`{"model":"m","messages":[${marked}]}`)).toThrow(/too many messages/);
  });

  it("is read and written though it has 100,000 messages", () => {
    const messages = Array.from({ length: 100_000 }, (_, index) =>
      index % 2 === 0 ? user(`u${index}`) : assistant(`a${index}`),
    );
    const call = read(chat(...messages, user("last")));
    expect(call.newestUserText).toBe("last");
    expect(call.turnSequence.split("\n")).toHaveLength(100_001);
    const got = decoder.decode(call.write({ model: "gpt-4o", block: BLOCK }));
    expect(got).toBe(JSON.stringify(chat(...messages, user(`last${BLOCK}`))));
  });
});

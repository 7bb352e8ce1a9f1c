import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { deep, json, parsedBody, placesOf, space, words } from "../../test/arbitrary-json.ts";
import { messages, messageTokens } from "./messages.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const BLOCK = '\n\n<memory_context>\nA "note" about 記憶 \\ 😀\n</memory_context>';

function read(body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return messages.read(encoder.encode(text), { keepSessionId: false });
}

/** What would be sent on, as text. The model stays as it is unless another is named. */
function written(body: unknown, edits: { model?: string; block?: string } = {}): string {
  const call = read(body);
  return decoder.decode(
    call.write({ model: edits.model ?? call.model, block: edits.block ?? null }),
  );
}

const withBlock = (body: unknown) => written(body, { block: BLOCK });

const EPHEMERAL = { type: "ephemeral" };
const marked = { cache_control: EPHEMERAL };
const text = (words: string, more: object = {}) => ({ type: "text", text: words, ...more });
const block = text(BLOCK);
const user = (content: unknown, more: object = {}) => ({ role: "user", content, ...more });
const assistant = (content: unknown) => ({ role: "assistant", content });
const chat = (...list: readonly unknown[]) => ({ model: "claude", max_tokens: 9, messages: list });
const image = { type: "image", source: { type: "url", url: "https://example.com/a.png" } };
const document = { type: "document", source: { type: "file", file_id: "file_1" } };
const thinking = { type: "thinking", thinking: "Hm.", signature: "EqQB" };
const toolUse = { type: "tool_use", id: "toolu_1", name: "f", input: {} };
const toolResult = (content: unknown, more: object = {}) => ({
  type: "tool_result",
  tool_use_id: "toolu_1",
  content,
  ...more,
});

describe("reading Anthropic's messages", () => {
  it("finds the model, the stream and the newest user text", () => {
    const body = { ...chat(user("first"), assistant("yes"), user("second")), stream: true };
    expect(read(body)).toMatchObject({
      model: "claude",
      streamed: true,
      newestUserText: "second",
      newestUserName: null,
      openingUserText: "first",
      continues: false,
      previousResponseId: null,
      continued: [],
      isKept: false,
    });
  });

  it("joins the text blocks and passes over everything else in the list", () => {
    const blocks = [text("Look:"), image, document, text("What is it?")];
    expect(read(chat(user(blocks))).newestUserText).toBe("Look:\n\nWhat is it?");
  });

  it("passes over a message that holds a tool's result, whatever the client says beside it", () => {
    const result = user([toolResult("12°"), text("Remember to be brief")]);
    expect(read(chat(user("Weather?"), assistant([toolUse]), result))).toMatchObject({
      newestUserText: "Weather?",
      openingUserText: "Weather?",
      continues: true,
    });
  });

  it.each([
    ["only an image", user([image])],
    ["no content", { role: "user" }],
    ["an empty string", user("")],
    ["nothing but white space", user(" \n ")],
    ["an empty list", user([])],
    ["a message that is opted out", user("secret", { memory: false })],
  ])("finds no newest user text in %s, even behind an earlier one", (_, message) => {
    const body = chat(user("earlier"), assistant("yes"), message);
    expect(read(body).newestUserText).toBeNull();
    expect(withBlock(body)).not.toContain("memory_context");
  });

  it.each([
    ["an answer", assistant("Well"), true],
    ["a call", assistant([thinking, toolUse]), true],
    ["a tool's result", user([toolResult("12°")]), true],
    ["a result of the provider's own tools", user([{ type: "web_search_tool_result" }]), true],
    ["instructions on the way", { role: "system", content: "Be brief" }, false],
  ])(
    "says whether the turn goes on when %s stands behind the user's text",
    (_, item, continues) => {
      expect(read(chat(user("Weather?"), item))).toMatchObject({
        newestUserText: "Weather?",
        continues,
      });
    },
  );

  it("gathers every text of the request, instructions and tool results included", () => {
    const body = {
      ...chat(
        user([text("a"), image, text("b")]),
        assistant([thinking, text("c"), toolUse]),
        user([toolResult("12°"), toolResult([text("13°"), image]), text("d")]),
      ),
      system: [text("Be kind"), text("Be brief")],
    };
    expect(read(body).texts).toEqual(["Be kind", "Be brief", "a", "b", "c", "d", "12°", "13°"]);
    expect(read({ ...chat(user("a")), system: "Be kind" }).texts).toEqual(["Be kind", "a"]);
  });

  it.each([
    ["no messages", { model: "m" }, "messages"],
    ["messages that are no list", { model: "m", messages: "Hi" }, "messages"],
    ["an empty list of messages", chat(), "messages"],
    ["an opt-out that is no yes or no", chat(user("a", { memory: 1 })), "messages[0].memory"],
  ])("refuses %s, naming the field", (_, body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });

  it("counts the tokens of the same request at its own address", () => {
    expect(messageTokens.path).toBe("/messages/count_tokens");
    expect(messageTokens.isOnlyCounted).toBe(true);
  });
});

describe("writing Anthropic's messages", () => {
  it("gives back the very same bytes when nothing has to change", () => {
    const sent =
      '\ufeff { "model" : "m","temperature":1.0, "cache_control":{"type":"ephemeral"},"messages":[{}] }';
    const bytes = encoder.encode(sent);
    const { write } = messages.read(bytes, { keepSessionId: false });
    expect(write({ model: "m", block: null })).toBe(bytes);
  });

  it("appends the block to the newest user text, inside its string", () => {
    const before = { ...chat(user("Hi"), assistant("yes"), user("Bye")), system: "Be kind" };
    const after = { ...chat(user("Hi"), assistant("yes"), user(`Bye${BLOCK}`)), system: "Be kind" };
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("adds the block as the last part of list content, behind images and documents", () => {
    const blocks = [text("See"), image, document];
    expect(withBlock(chat(user(blocks)))).toBe(JSON.stringify(chat(user([...blocks, block]))));
  });

  it("takes our fields out at every occurrence, and only at the top and in messages", () => {
    const sent =
      '{"memory_mode":"on","model":"anthropic/m","session_id":"s","messages":[{"memory":true,"role":"user","content":"memory"}],' +
      '"metadata":{"user_id":"u","session_id":"theirs"},"memory_token_budget":5,"memory_recency":"low"}';
    expect(written(sent, { model: "m" })).toBe(
      '{"model":"m","messages":[{"role":"user","content":"memory"}],"metadata":{"user_id":"u","session_id":"theirs"}}',
    );
  });
});

describe("the marks of the prompt cache", () => {
  it("stay where the client set them, before the block", () => {
    const blocks = [text("See", marked), image];
    const before = { ...chat(user(blocks)), system: [text("Be kind", marked)] };
    const after = { ...chat(user([...blocks, block])), system: [text("Be kind", marked)] };
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("that are automatic fall on the client's last part, as they would without us", () => {
    const before = { ...chat(user([text("See"), image])), ...marked };
    const after = chat(user([text("See"), { ...image, ...marked }, block]));
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("that are automatic keep their lifetime, byte for byte", () => {
    const sent =
      '{"model":"m","cache_control": {"ttl" : "1h","type":"ephemeral"} ,"messages":[{"role":"user","content":[{"type":"text","text":"Hi" } ]}]}';
    const inserted = JSON.stringify({ type: "text", text: BLOCK });
    expect(withBlock(sent)).toBe(
      `{"model":"m" ,"messages":[{"role":"user","content":[{"type":"text","text":"Hi" ,"cache_control":{"ttl" : "1h","type":"ephemeral"}},${inserted} ]}]}`,
    );
  });

  it("that are automatic make a list of a string, of the string's own bytes", () => {
    const sent =
      '{"cache_control":{"type":"ephemeral"},"model":"m","messages":[{"role":"user","content":"h\\u0069"}]}';
    const inserted = JSON.stringify({ type: "text", text: BLOCK });
    expect(withBlock(sent)).toBe(
      `{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"h\\u0069","cache_control":{"type":"ephemeral"}},${inserted}]}]}`,
    );
  });

  it.each([
    ["an empty text", text("")],
    ["white space", text(" \n")],
    ["thinking", thinking],
    ["a kind that is yet to come", { type: "hologram" }],
  ])("that are automatic pass over %s, which cannot be marked", (_, last) => {
    const before = { ...chat(user([text("See"), last])), ...marked };
    const after = chat(user([text("See", marked), last, block]));
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("that are automatic take the place of a mark that says nothing", () => {
    const before = { ...chat(user([text("See", { cache_control: null })])), ...marked };
    expect(withBlock(before)).toBe(JSON.stringify(chat(user([text("See", marked), block]))));
  });

  it.each([
    ["of the same lifetime", EPHEMERAL],
    ["of another lifetime", { ...EPHEMERAL, ttl: "1h" }],
  ])("that are automatic only go where the last part has a mark %s", (_, cache_control) => {
    const blocks = [image, text("See", { cache_control })];
    const before = { ...chat(user(blocks)), ...marked };
    expect(withBlock(before)).toBe(JSON.stringify(chat(user([...blocks, block]))));
  });

  it("that are automatic stay while the turn goes on, behind what its tools answered", () => {
    const steps = [assistant([toolUse]), user([toolResult("12°")])];
    const before = { ...chat(user([text("Weather?")]), ...steps), ...marked };
    const after = { ...chat(user([text("Weather?"), block]), ...steps), ...marked };
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("that are automatic stay when there are four besides, for the provider to refuse", () => {
    const four = {
      tools: [{ name: "f", ...marked }],
      system: [text("Be kind", marked)],
    };
    const history = [
      user([toolResult([text("1", marked)]), text("2", marked)]),
      assistant([toolUse]),
    ];
    const before = { ...chat(...history, user([text("Hi")])), ...four, ...marked };
    const after = { ...chat(...history, user([text("Hi"), block])), ...four, ...marked };
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("that are automatic are the fourth when there are three", () => {
    const three = {
      tools: [{ name: "f", ...marked }],
      system: [text("Be kind", marked), text("Be brief", { cache_control: null })],
    };
    const history = [user([text("2", marked)]), assistant("yes")];
    const before = { ...chat(...history, user("Hi")), ...three, ...marked };
    const after = { ...chat(...history, user([text("Hi", marked), block])), ...three };
    expect(withBlock(before)).toBe(JSON.stringify(after));
  });

  it("leave a string the same part in every step, whatever the client marks next", () => {
    const steps = [assistant([toolUse]), user([toolResult("12°", marked)])];
    const first = withBlock(chat(user([text("Weather?", marked)])));
    const second = withBlock(chat(user("Weather?"), ...steps));
    expect(parsedBody(first)).toEqual(chat(user([text("Weather?", marked), block])));
    expect(parsedBody(second)).toEqual(chat(user([text("Weather?"), block]), ...steps));
  });

  it("that say nothing are none", () => {
    const before = { ...chat(user("Hi")), cache_control: null };
    expect(withBlock(before)).toBe(
      JSON.stringify({ ...chat(user(`Hi${BLOCK}`)), cache_control: null }),
    );
  });

  it("that are automatic go at every occurrence, and the last one counts", () => {
    const sent =
      '{"cache_control":null,"model":"m","messages":[{"role":"user","content":"Hi"}],"cache_control":{"type":"ephemeral","ttl":"1h"},"memory_mode":"on"}';
    expect(parsedBody(withBlock(sent))).toEqual({
      model: "m",
      messages: [user([text("Hi", { cache_control: { ...EPHEMERAL, ttl: "1h" } }), block])],
    });
    expect(withBlock(sent)).toMatch(/^\{"model".*\]\}$/);
  });
});

const MARK = '{"ttl" :"5m","type":"\\u0065phemeral"}';
const content = fc.oneof(
  words.map((said) => ({ open: "", said, close: "", isText: true })),
  fc.tuple(fc.array(json, { maxLength: 2 }), space, words).map(([others, gap, said]) => ({
    open: `[${others.map((each) => `${each}${gap},`).join("")}${gap}`,
    said,
    close: `${gap}]`,
    isText: false,
  })),
);
const conversation = fc
  .tuple(
    space,
    fc.array(fc.oneof(json, deep), { maxLength: 3 }),
    content,
    json,
    fc.boolean(),
    fc.boolean(),
  )
  .map(([gap, others, { open, said, close, isText }, extra, hasBom, goesOn]) => {
    const members = others.map((value, index) => `${gap}"x${index % 2}":${value}`);
    const behind = goesOn ? `,{"role":"assistant","content":${extra}}` : "";
    /** The body, with a mark beside its messages, and with one behind its words. */
    const bodyWith = (automatic: string, mark: string) => {
      const part = isText ? said : `{"type":"text","text":${said}${mark}}`;
      const message = `{${gap}"role":"user","content"${gap}:${open}${part}${close}${gap},"extra":${extra}}`;
      const list = `"messages":${gap}[{"role":"system","content":"S"},${message}${behind}${gap}]`;
      const body = `${gap}{${[...members, '"model":"m"', `${list}${automatic}`].join(",")}${gap}}${gap}`;
      return hasBom ? `\ufeff${body}` : body;
    };
    return { bodyWith, said, isText, goesOn };
  });
const told = fc.string({ unit: "grapheme", minLength: 1 });
const part = (words: string) => `,${JSON.stringify({ type: "text", text: words })}`;

describe("byte identity", () => {
  it("holds for any body in which nothing has to change", () => {
    fc.assert(
      fc.property(conversation, space, ({ bodyWith }, gap) => {
        const sent = bodyWith(`,${gap}"cache_control":${MARK}`, "");
        const bytes = encoder.encode(sent);
        const { write } = messages.read(bytes, { keepSessionId: false });
        expect(write({ model: "m", block: null })).toBe(bytes);
        expect(decoder.decode(bytes)).toBe(sent);
      }),
    );
  });

  it("holds around the block: taking it out gives the client's body back", () => {
    fc.assert(
      fc.property(conversation, told, ({ bodyWith, isText }, words) => {
        const sent = bodyWith("", "");
        const inserted = isText ? JSON.stringify(words).slice(1, -1) : part(words);
        expect(placesOf(inserted, written(sent, { block: words }), sent)).not.toEqual([]);
      }),
    );
  });

  it("holds around the automatic mark: it moves, and nothing else does", () => {
    fc.assert(
      fc.property(conversation, told, space, ({ bodyWith, said, isText, goesOn }, words, gap) => {
        const automatic = `,${gap}"cache_control":${MARK}`;
        const got = written(bodyWith(automatic, ""), { block: words });
        const mark = goesOn ? "" : `,"cache_control":${MARK}`;
        const kept = goesOn ? automatic : "";
        const list = `:[{"type":"text","text":${said}${mark}}${part(words)}]`;
        const [inserted, sent] = isText
          ? ["", bodyWith(kept, "").replace(`:${said}`, () => list)]
          : [part(words), bodyWith(kept, mark)];
        expect(placesOf(inserted, got, sent)).not.toEqual([]);
      }),
    );
  });
});

describe("the sequence that names a turn", () => {
  it.each([
    ["instructions", chat(user("Hi")), { ...chat(user("Hi")), system: "Be kind" }],
    [
      "instructions on the way",
      chat(user("Hi")),
      chat({ role: "system", content: "b" }, user("Hi")),
    ],
    ["cache marks", chat(user([text("Hi")])), chat(user([text("Hi", marked)]))],
    ["automatic marks", chat(user("Hi")), { ...chat(user("Hi")), ...marked }],
    ["a string rewritten as a list", chat(user("Hi")), chat(user([text("Hi")]))],
    ["our fields", chat(user("Hi")), { ...chat(user("Hi", { memory: true })), memory_mode: "on" }],
    [
      "thinking",
      chat(assistant("a"), user("b")),
      chat(assistant([thinking, text("a")]), user("b")),
    ],
    ["what follows the newest user text", chat(user("Hi")), chat(user("Hi"), assistant("Well"))],
  ])("does not see %s", (_, one, other) => {
    expect(read(one).turnSequence).toBe(read(other).turnSequence);
  });

  const sequenceOf = (...list: readonly unknown[]) => read(chat(...list)).turnSequence;
  const other = { ...toolUse, id: "toolu_2" };

  it.each([
    ["who spoke", [user("a"), user("b")], [assistant("a"), user("b")]],
    ["where one message ends", [user("ab"), user("c")], [user("a"), user("bc")]],
    ["where one block ends", [user([text("ab"), text("c")])], [user([text("a"), text("bc")])]],
    ["which tools were called", [assistant([toolUse]), user("a")], [assistant([other]), user("a")]],
    [
      "what they answered",
      [user([toolResult("1")]), user("a")],
      [user([toolResult("2")]), user("a")],
    ],
    ["a second yes", [user("yes")], [user("yes"), assistant("ok"), user("yes")]],
  ])("sees %s", (_, one, another) => {
    expect(sequenceOf(...one)).not.toBe(sequenceOf(...another));
  });

  it("begins the sequence of a step, which sees tool results too", () => {
    const cold = read(chat(user("Weather?"), assistant([toolUse]), user([toolResult("1°")])));
    const warm = read(chat(user("Weather?"), assistant([toolUse]), user([toolResult("30°")])));
    expect(cold.turnSequence).toBe(warm.turnSequence);
    expect(cold.stepSequence).not.toBe(warm.stepSequence);
    expect(cold.stepSequence.startsWith(`${cold.turnSequence}\n`)).toBe(true);
  });
});

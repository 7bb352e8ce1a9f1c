import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { deep, json, parsedBody, placesOf, space, words } from "../../test/arbitrary-json.ts";
import { ApiError } from "../errors.ts";
import { responses } from "./responses.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const BLOCK = '\n\n<memory_context>\nA "note" about 記憶 \\ 😀\n</memory_context>';

function read(body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return responses.read(encoder.encode(text), { keepSessionId: false });
}

/** What would be sent on, as text. The model stays as it is unless another is named. */
function written(body: unknown, edits: { model?: string; block?: string } = {}): string {
  const call = read(body);
  return decoder.decode(
    call.write({ model: edits.model ?? call.model, block: edits.block ?? null }),
  );
}

const ask = (input: unknown, more: object = {}) => ({ model: "gpt-5", input, ...more });
const user = (content: unknown, more: object = {}) => ({ role: "user", content, ...more });
const text = (words: string) => ({ type: "input_text", text: words });
const image = { type: "input_image", image_url: "data:image/png;base64,AAAA" };
const file = { type: "input_file", file_id: "file-1" };
const answer = (words: string) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: words, annotations: [] }],
});
const call = { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" };
const output = (result: unknown) => ({
  type: "function_call_output",
  call_id: "call_1",
  output: result,
});
const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };

describe("reading a response's request", () => {
  it("takes a string for the user speaking", () => {
    expect(read({ ...ask("Hi"), stream: true })).toMatchObject({
      model: "gpt-5",
      streamed: true,
      newestUserText: "Hi",
      newestUserName: null,
      openingUserText: "Hi",
      continues: false,
      previousResponseId: null,
      continued: [],
      isKept: true,
    });
  });

  it("finds the newest user text in a list, whether its items name their type or not", () => {
    const items = [user("first"), answer("yes"), user([text("second")], { type: "message" })];
    expect(read(ask(items))).toMatchObject({
      newestUserText: "second",
      openingUserText: "first",
      continues: false,
    });
  });

  it("joins the text parts and passes over everything else in the list", () => {
    const parts = [text("Look:"), image, file, text("What is it?")];
    expect(read(ask([user(parts)])).newestUserText).toBe("Look:\n\nWhat is it?");
  });

  it.each([
    ["no input, as a stored prompt allows", undefined],
    ["null for input", null],
    ["an input of another kind", 7],
    ["an empty string", ""],
    ["nothing but white space", " \n "],
    ["an empty list", []],
    ["only an image", [user([image])]],
    ["only tool outputs", [output("12°")]],
    ["nobody but the developer", [{ role: "developer", content: "Be kind" }]],
    ["a message that is opted out", [user("earlier"), user("secret", { memory: false })]],
    ["items of unknown shape", [7, null, { type: 9 }, { content: "x" }]],
  ])("finds no newest user text in %s, and leaves it to the provider", (_, input) => {
    const body = ask(input);
    expect(read(body).newestUserText).toBeNull();
    expect(written(body, { block: BLOCK })).not.toContain("memory_context");
  });

  it.each([
    ["an answer", answer("Well"), true],
    ["an answer without a type", { role: "assistant", content: "Well" }, true],
    ["reasoning", reasoning, true],
    ["a call", call, true],
    ["a tool's output", output("12°"), true],
    ["a call of an MCP server", { type: "mcp_call", id: "mcp_1", name: "roll" }, true],
    ["an approval", { type: "mcp_approval_response", approval_request_id: "a" }, true],
    ["a reference", { type: "item_reference", id: "msg_1" }, true],
    ["an item of a kind that is yet to come", { type: "thought_transfer" }, true],
    ["more instructions", { role: "developer", content: "Be brief" }, false],
  ])(
    "says whether the turn goes on when %s stands behind the user's text",
    (_, item, continues) => {
      expect(read(ask([user("Weather?"), item]))).toMatchObject({
        newestUserText: "Weather?",
        continues,
      });
    },
  );

  it("gives our fields as they were sent, and undefined for those that were not", () => {
    const fields = { memory_mode: "read", memory_token_budget: [30], session_id: null };
    expect(read(ask("Hi", fields)).steering).toEqual({
      mode: "read",
      sessionId: null,
      tokenBudget: [30],
      recency: undefined,
    });
  });

  it("gathers every text of the request, instructions and tool outputs included", () => {
    const items = [
      { role: "system", content: "Be kind" },
      user([text("a"), image, text("b")]),
      reasoning,
      answer("c"),
      output("12°"),
      output([text("13°")]),
    ];
    const { texts } = read(ask(items, { instructions: "Be brief" }));
    expect(texts).toEqual(["Be brief", "Be kind", "a", "b", "c", "12°", "13°"]);
    expect(read(ask("Hi")).texts).toEqual(["Hi"]);
  });

  it.each([
    ["a response", { previous_response_id: "resp_1" }, ["resp_1"]],
    ["a conversation", { conversation: "conv_1" }, ["conv_1"]],
    ["a conversation in an object", { conversation: { id: "conv_1" } }, ["conv_1"]],
    ["both", { conversation: "conv_1", previous_response_id: "resp_1" }, ["resp_1", "conv_1"]],
    ["neither", { conversation: null, previous_response_id: null }, []],
  ])("names what it goes on with: %s", (_, fields, continued) => {
    expect(read(ask("Hi", fields)).continued).toEqual(continued);
  });

  it("names every response that a field given twice could mean", () => {
    const twice =
      '{"model":"m","input":"Hi","previous_response_id":"mine","previous_response_i\\u0064":"yours"}';
    expect(read(twice)).toMatchObject({
      previousResponseId: "yours",
      continued: ["mine", "yours"],
    });
  });

  it.each(["previous_response_id", "conversation"])("refuses a %s that is no id", (field) => {
    for (const value of [7, ["resp_1"], true, { name: "x" }]) {
      expect(() => read(ask("Hi", { [field]: value }))).toThrow(
        expect.objectContaining({ code: "invalid_request", param: field }),
      );
    }
  });

  it.each([
    [undefined, true],
    [true, true],
    [null, true],
    [false, false],
  ])("knows whether the provider keeps the answer when `store` is %s", (store, isKept) => {
    expect(read(ask("Hi", { store })).isKept).toBe(isKept);
  });

  it("refuses an opt-out that is no yes or no, naming the field", () => {
    expect(() => read(ask([user("a"), user("b", { memory: "no" })]))).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "input[1].memory" }),
    );
  });

  it("refuses a body without a model", () => {
    expect(() => read({ input: "Hi" })).toThrow(ApiError);
  });
});

describe("writing a response's request", () => {
  it("gives back the very same bytes when nothing has to change", () => {
    const bytes = encoder.encode('\ufeff { "model" : "m","temperature":1.0, "input":"Hi" }');
    const { write } = responses.read(bytes, { keepSessionId: false });
    expect(write({ model: "m", block: null })).toBe(bytes);
  });

  it("appends the block to a string", () => {
    const sent = '{"model":"m","input":"Hi \\u0022you\\u0022"}';
    const inside = JSON.stringify(BLOCK).slice(1, -1);
    expect(written(sent, { block: BLOCK })).toBe(
      `{"model":"m","input":"Hi \\u0022you\\u0022${inside}"}`,
    );
  });

  it("appends the block to a message that is a string", () => {
    const before = ask([user("Hi"), answer("yes"), user("Bye")]);
    const after = ask([user("Hi"), answer("yes"), user(`Bye${BLOCK}`)]);
    expect(written(before, { block: BLOCK })).toBe(JSON.stringify(after));
  });

  it("adds the block as the last part of the newest user message", () => {
    const marked = { ...text("See"), prompt_cache_breakpoint: { mode: "explicit" } };
    const before = ask([user([marked, image])], { instructions: "Be kind" });
    const after = ask([user([marked, image, text(BLOCK)])], { instructions: "Be kind" });
    expect(written(before, { block: BLOCK })).toBe(JSON.stringify(after));
  });

  it("puts the block of a turn that goes on back where it was", () => {
    const first = written(ask([user("Weather?")]), { block: BLOCK });
    const second = written(ask([user("Weather?"), reasoning, call, output("12°")]), {
      block: BLOCK,
    });
    expect(second.startsWith(first.slice(0, -"]}".length))).toBe(true);
  });

  it("takes our fields out at every occurrence, and only where they are ours", () => {
    const sent =
      '{"memory_mode":"on","model":"openai/m","session_id":"s","input":[{"memory":true,"role":"user","content":"memory"},' +
      '{"type":"memory_call","memory":"theirs"}],"metadata":{"session_id":"theirs"},' +
      '"memory_token_budget":5,"memory_recency":"low","\\u006demory_mode":"off"}';
    expect(written(sent, { model: "m" })).toBe(
      '{"model":"m","input":[{"role":"user","content":"memory"},' +
        '{"type":"memory_call","memory":"theirs"}],"metadata":{"session_id":"theirs"}}',
    );
  });
});

const content = fc.oneof(
  words.map((sent) => ({ sent, partType: null })),
  fc.tuple(fc.array(json, { maxLength: 2 }), space, words).map(([others, gap, said]) => ({
    sent: `[${gap}{"type":"input_text",${gap}"text":${said}}${gap}${others.map((each) => `,${gap}${each}`).join("")}${gap}]`,
    partType: "input_text",
  })),
);
const input = fc
  .tuple(space, content, json, fc.boolean(), fc.boolean())
  .map(([gap, { sent, partType }, extra, isBare, goesOn]) => {
    if (isBare && partType === null) return { sent, partType };
    const message = `{${gap}"role":"user","content"${gap}:${sent}${gap},"extra":${extra}}`;
    const behind = goesOn ? `,{"type":"function_call_output","output":${extra}}` : "";
    return { sent: `${gap}[{"role":"developer"},${message}${behind}${gap}]`, partType };
  });
const body = fc
  .tuple(space, fc.array(fc.oneof(json, deep), { maxLength: 3 }), input, fc.boolean())
  .map(([gap, others, { sent, partType }, hasBom]) => {
    const members = others.map((value, index) => `${gap}"x${index % 2}":${value}`);
    const whole = `${gap}{${[...members, '"model":"m"', `"input":${sent}`].join(",")}${gap}}${gap}`;
    return { sent: hasBom ? `\ufeff${whole}` : whole, partType };
  });

describe("byte identity", () => {
  it("holds for any body in which nothing has to change", () => {
    fc.assert(
      fc.property(body, ({ sent }) => {
        const bytes = encoder.encode(sent);
        const { write } = responses.read(bytes, { keepSessionId: false });
        expect(write({ model: "m", block: null })).toBe(bytes);
        expect(decoder.decode(bytes)).toBe(sent);
      }),
    );
  });

  it("holds around the block: taking it out gives the client's body back", () => {
    fc.assert(
      fc.property(
        body,
        fc.string({ unit: "grapheme", minLength: 1 }),
        ({ sent, partType }, block) => {
          const got = written(sent, { block });
          const inserted =
            partType === null
              ? JSON.stringify(block).slice(1, -1)
              : `,${JSON.stringify({ type: partType, text: block })}`;
          expect(placesOf(inserted, got, sent)).not.toEqual([]);
          expect(parsedBody(got)).not.toEqual(parsedBody(sent));
          expect(read(got).newestUserText?.endsWith(block)).toBe(true);
        },
      ),
    );
  });
});

describe("the sequence that names a turn", () => {
  const sequenceOf = (...items: readonly unknown[]) => read(ask(items)).turnSequence;

  it.each([
    ["instructions", ask([user("Hi")]), ask([user("Hi")], { instructions: "Be kind" })],
    [
      "system and developer messages",
      ask([user("Hi")]),
      ask([{ role: "developer", content: "b" }, user("Hi")]),
    ],
    ["a string rewritten as a list", ask("Hi"), ask([user([text("Hi")])])],
    ["the type of a message", ask([user("Hi")]), ask([user("Hi", { type: "message" })])],
    [
      "the id of a message",
      ask([answer("yes"), user("Hi")]),
      ask([{ role: "assistant", content: "yes" }, user("Hi")]),
    ],
    [
      "cache breakpoints",
      ask([user([text("Hi")])]),
      ask([user([{ ...text("Hi"), prompt_cache_breakpoint: { mode: "explicit" } }])]),
    ],
    ["our fields", ask([user("Hi")]), ask([user("Hi", { memory: true })], { memory_mode: "on" })],
    ["reasoning", ask([answer("a"), user("Hi")]), ask([reasoning, answer("a"), user("Hi")])],
    ["what follows the newest user text", ask([user("Hi")]), ask([user("Hi"), call, output("1")])],
  ])("does not see %s", (_, one, other) => {
    expect(read(one).turnSequence).toBe(read(other).turnSequence);
  });

  it.each([
    ["who spoke", [user("a"), user("b")], [answer("a"), user("b")]],
    ["where one message ends", [user("ab"), user("c")], [user("a"), user("bc")]],
    ["which tools were called", [call, user("a")], [{ ...call, call_id: "call_2" }, user("a")]],
    ["what they answered", [output("1"), user("a")], [output("2"), user("a")]],
    ["a second yes", [user("yes")], [user("yes"), answer("ok"), user("yes")]],
  ])("sees %s", (_, one, other) => {
    expect(sequenceOf(...one)).not.toBe(sequenceOf(...other));
  });

  it("begins the sequence of a step, which sees tool outputs too", () => {
    const cold = read(ask([user("Weather?"), call, output("1°")]));
    const warm = read(ask([user("Weather?"), call, output("30°")]));
    expect(cold.turnSequence).toBe(warm.turnSequence);
    expect(cold.stepSequence).not.toBe(warm.stepSequence);
    expect(cold.stepSequence.startsWith(`${cold.turnSequence}\n`)).toBe(true);
  });
});

import { describe, expect, it, vi } from "vitest";

import type { Database } from "../src/database/database.ts";
import type { Services } from "../src/services.ts";
import {
  KEY,
  KEY_ID,
  OTHER_KEY,
  WORDS,
  begun,
  candidate,
  databaseIsDown,
  fakeServices,
  matching,
  openedKey,
  recordingProvider,
  send,
} from "./fakes.ts";
import { recorded, recordedAnswer } from "./recorded-answers.ts";

const ANTHROPIC_KEY = "sk-ant-stored-key";
const REX = candidate("My dog is called Rex and he loves long walks.");
const BLOCK = /^\n\n<memory_context>\n[\s\S]*Rex[\s\S]*<\/memory_context>$/;
const block = { type: "text", text: expect.stringMatching(BLOCK) };
const marked = { cache_control: { type: "ephemeral" } };

/** An account with a key of Anthropic's. */
const opened: Partial<Database> = {
  openMemoryKey: async () =>
    openedKey({ provider_keys: [{ id: "1", provider: "anthropic", secret: ANTHROPIC_KEY }] }),
};

/** The same, and a vault in which one memory answers whatever is asked. */
const knowing: Partial<Database> = {
  ...opened,
  beginTurn: async (_key, turn) => begun(turn, { matches: matching(REX) }),
  recallMemories: async () => matching(REX),
};

const whole = () => recordedAnswer("message-plain.json");
const streamed = () => recordedAnswer("message-plain.sse");

const HELLO = {
  model: "claude-sonnet-4-5",
  max_tokens: 100,
  messages: [{ role: "user", content: WORDS }],
};

function say(
  services: Services,
  body: object | string = {},
  headers: Record<string, string> = {},
  path = "/v1/messages",
) {
  return send(services, path, {
    method: "POST",
    headers: { "x-api-key": KEY, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify({ ...HELLO, ...body }),
  });
}

function bodyOf(request: { body: string } | undefined): {
  messages: { role: string; content: unknown }[];
} {
  return JSON.parse(request?.body ?? "{}");
}

describe("POST /v1/messages", () => {
  it("puts recalled memories behind the newest user text and touches nothing else", async () => {
    const { requests, fetch } = recordingProvider(whole);
    const sent =
      '{ "model":"anthropic/claude-sonnet-4-5",\n "max_tokens": 1e2, "system":"Be kind","messages":[{"role":"user","content":"Hi"}] , "x":{"a":[1.0]}}';

    const { headers } = await say(fakeServices({ fetch, database: knowing }), sent);

    const forwarded = requests[0]?.body ?? "";
    expect(requests[0]?.url).toBe("https://api.anthropic.com/v1/messages");
    expect(forwarded.replace(/(\\n){2}<memory_context>.*<\/memory_context>/, "")).toBe(
      sent.replace("anthropic/", ""),
    );
    expect(forwarded).toContain("Rex");
    expect(headers.get("x-memory-status")).toBe("hit");
  });

  it("asks with the account's key, where Anthropic looks for it, and names a version", async () => {
    const { requests, fetch } = recordingProvider(whole);
    const services = fakeServices({ fetch, database: opened });

    await say(services);
    await say(services, {}, { "anthropic-version": "2026-01-01", "anthropic-beta": "x" });

    expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
      "x-api-key": ANTHROPIC_KEY,
    });
    expect(requests[1]?.headers.get("anthropic-version")).toBe("2026-01-01");
    expect(requests[1]?.headers.get("anthropic-beta")).toBe("x");
  });

  it.each<[string, Record<string, string>]>([
    ["in both places", { authorization: `Bearer ${KEY}` }],
    ["beside a key of the provider's", { "x-memory-key": KEY, "x-api-key": "sk-ant-mine" }],
  ])("takes the memory key %s", async (_, headers) => {
    const { requests, fetch } = recordingProvider(whole);

    const { status } = await say(fakeServices({ fetch, database: opened }), {}, headers);

    expect(status).toBe(200);
    expect(requests[0]?.headers.get("x-api-key")).toBe(headers["x-api-key"] ?? ANTHROPIC_KEY);
    expect(requests[0]?.headers.has("authorization")).toBe(false);
  });

  it("hands the provider's bytes to the client unchanged", async () => {
    const services = fakeServices({ fetch: async () => streamed(), database: opened });

    const { text } = await say(services, { stream: true });

    expect(text).toBe(new TextDecoder().decode(recorded("message-plain.sse")));
  });

  it.each([
    ["a whole answer", whole, 'Hello! 😀 "How" can I assist\nyou today?'],
    ["a stream", streamed, "Your dog is called Fenja 🐕, and she is drei Jahre alt…"],
  ])("remembers the user's words and %s, and what it cost", async (_, answerWith, said) => {
    const completeTurn = vi.fn<Database["completeTurn"]>();

    await say(
      fakeServices({ fetch: async () => answerWith(), database: { ...opened, completeTurn } }),
    );

    const [, turn, step] = completeTurn.mock.lastCall ?? [];
    expect(turn).toMatchObject({ user_text: WORDS, dialect: "messages", provider: "anthropic" });
    expect(step).toMatchObject({
      answer: said,
      finish: "complete",
      response_id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      usage: { prompt: 1117, cached: 1024, cache_write: 64, completion: 46, reasoning: null },
    });
  });

  it("stores nothing of thinking, tools and instructions", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const fetch = async () => recordedAnswer("message-thinking.sse");

    await say(fakeServices({ fetch, database: { ...opened, completeTurn } }), {
      system: "Be kind",
      stream: true,
    });

    const [, turn, step] = completeTurn.mock.lastCall ?? [];
    expect([turn?.user_text, step?.answer]).toEqual([WORDS, "Hello."]);
  });

  it("marks an answer that failed in the middle", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const fetch = async () => recordedAnswer("message-error.sse");

    const { status, text } = await say(
      fakeServices({ fetch, database: { ...opened, completeTurn } }),
      { stream: true },
    );

    expect(status).toBe(200);
    expect(text).toBe(new TextDecoder().decode(recorded("message-error.sse")));
    expect(completeTurn.mock.lastCall?.[2]).toMatchObject({ finish: "error", answer: "Half an" });
  });

  it("keeps every mark of the prompt cache before the block", async () => {
    const { requests, fetch } = recordingProvider(whole);

    await say(fakeServices({ fetch, database: knowing }), marked);

    expect(bodyOf(requests[0])).toEqual({
      ...HELLO,
      messages: [{ role: "user", content: [{ type: "text", text: WORDS, ...marked }, block] }],
    });
  });

  it("gives a tool loop its block back, byte for byte, without a new recall", async () => {
    const { requests, fetch } = recordingProvider(whole);
    const kept = "\n\n<memory_context>kept</memory_context>";
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) =>
      begun(turn, { isSame: true, turnId: KEY_ID, block: kept, blockMemoryCount: 2 }),
    );
    const loop = [
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "f", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: "42" },
          { type: "text", text: "Be brief" },
        ],
      },
    ];

    const { headers } = await say(fakeServices({ fetch, database: { ...opened, beginTurn } }), {
      messages: [...HELLO.messages, ...loop],
    });

    expect(bodyOf(requests[0]).messages).toEqual([
      { role: "user", content: WORDS + kept },
      ...loop,
    ]);
    expect(beginTurn.mock.lastCall?.[2]).toBeNull();
    expect(headers.get("x-memory-status")).toBe("replayed");
  });

  it("off forwards the client's bytes and asks the database for nothing but the key", async () => {
    const { requests, fetch } = recordingProvider(whole);
    const database = {
      beginTurn: vi.fn<Database["beginTurn"]>(),
      completeTurn: vi.fn<Database["completeTurn"]>(),
      recordResponse: vi.fn<Database["recordResponse"]>(),
    };
    const sent =
      '{"model":"claude-opus-4-1" , "cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":"Hi"}],"max_tokens":1.0}';

    const { headers } = await say(
      fakeServices({ fetch, database: { ...opened, ...database } }),
      sent,
      { "x-memory-mode": "off" },
    );

    expect(requests[0]?.body).toBe(sent);
    expect(headers.get("x-memory-status")).toBe("off");
    for (const call of Object.values(database)) expect(call).not.toHaveBeenCalled();
  });

  it.each(["on", "read", "write", "off"])("keeps what is ours to us in mode %s", async (mode) => {
    const { requests, fetch } = recordingProvider(whole);
    const fields = { memory_mode: mode, session_id: "s", memory_token_budget: 10 };

    await say(fakeServices({ fetch, database: opened }), { ...fields, memory_recency: "high" });

    expect(bodyOf(requests[0])).toEqual(HELLO);
  });

  it("hands the query on, which SDKs name their betas in", async () => {
    const { requests, fetch } = recordingProvider(whole);
    const services = fakeServices({ fetch, database: opened });

    await say(services, {}, {}, "/v1/messages?beta=true");
    await say(services, {}, {}, `/v1/messages?beta=true&key=${OTHER_KEY}`);

    const url = "https://api.anthropic.com/v1/messages?beta=true";
    expect(requests.map((request) => request.url)).toEqual([url, url]);
  });
});

describe("what is refused on Anthropic's routes", () => {
  it.each<[string, number, string, object, Record<string, string>]>([
    ["a key that opens nothing", 401, "authentication_error", {}, { "x-api-key": "mk_x" }],
    ["a field that is not allowed", 400, "invalid_request_error", { memory_mode: "all" }, {}],
    ["no messages", 400, "invalid_request_error", { messages: [] }, {}],
    ["a model of another dialect", 404, "not_found_error", { model: "gpt-4o" }, {}],
    [
      "an OpenAI key beside it",
      400,
      "invalid_request_error",
      {},
      { "x-provider-key": "sk-openai" },
    ],
  ])("has Anthropic's shape: %s", async (_, expected, type, body, headers) => {
    const { requests, fetch } = recordingProvider(whole);

    const answered = await say(fakeServices({ fetch, database: opened }), body, headers);

    const id = answered.headers.get("x-mr-request-id");
    expect(answered.status).toBe(expected);
    expect(answered.json()).toEqual({
      type: "error",
      error: { type, message: expect.any(String) },
      request_id: id,
    });
    expect(answered.headers.get("request-id")).toBe(id);
    expect(answered.headers.has("x-request-id")).toBe(false);
    expect(answered.headers.get("x-should-retry")).toBe("false");
    expect(requests).toEqual([]);
  });

  it.each([
    ["GET", "/v1/messages", 405],
    ["POST", "/v1/messages/batches", 404],
  ])("has it at every address: %s %s", async (method, path, expected) => {
    const { status, json } = await send(fakeServices(), path, { method });

    expect(status).toBe(expected);
    expect(json()).toMatchObject({ type: "error" });
  });

  it("says what is missing when the account has no key of Anthropic's", async () => {
    const { status, json } = await say(fakeServices());

    expect(status).toBe(422);
    expect(json()).toMatchObject({ error: { message: expect.stringContaining("Anthropic") } });
  });

  it("by the provider is handed on as it came", async () => {
    const headers = { "content-type": "application/json", "request-id": "req_theirs" };
    const said = new TextDecoder().decode(recorded("message-error.json"));
    const fetch = async () => new Response(said, { status: 529, headers });

    const answered = await say(fakeServices({ fetch, database: opened }));

    expect([answered.status, answered.text]).toEqual([529, said]);
    expect(answered.headers.get("request-id")).toBe("req_theirs");
    expect(answered.headers.get("x-mr-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("POST /v1/messages/count_tokens", () => {
  const PATH = "/v1/messages/count_tokens";
  const counted = () => Response.json({ input_tokens: 14 });

  it("counts what the client sent, and nothing is remembered", async () => {
    const { requests, fetch } = recordingProvider(counted);
    const database = {
      beginTurn: vi.fn<Database["beginTurn"]>(databaseIsDown),
      completeTurn: vi.fn<Database["completeTurn"]>(),
    };
    const services = fakeServices({ fetch, database: { ...knowing, ...database } });
    const fields = { model: "anthropic/claude-sonnet-4-5", memory_mode: "on", session_id: "s" };

    const { status, json, headers } = await say(services, fields, {}, PATH);

    expect(status).toBe(200);
    expect(json()).toEqual({ input_tokens: 14 });
    expect(requests[0]?.url).toBe("https://api.anthropic.com/v1/messages/count_tokens");
    expect(bodyOf(requests[0])).toEqual(HELLO);
    expect(headers.get("x-memory-status")).toBe("off");
    for (const call of Object.values(database)) expect(call).not.toHaveBeenCalled();
  });

  it("forwards the client's bytes when there is nothing of ours in them", async () => {
    const { requests, fetch } = recordingProvider(counted);
    const sent = '{ "messages":[{"role":"user","content":"h\\u0069"}],"model":"claude-opus-4-1"}';

    await say(fakeServices({ fetch, database: knowing }), sent, {}, PATH);

    expect(requests[0]?.body).toBe(sent);
  });

  it("wants a memory key, and refuses in Anthropic's shape", async () => {
    const { status, json } = await say(fakeServices(), {}, { "x-api-key": "" }, PATH);

    expect(status).toBe(401);
    expect(json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
  });
});

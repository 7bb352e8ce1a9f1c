import { describe, expect, it, vi } from "vitest";

import { DatabaseFailure } from "../src/database/client.ts";
import type { Database } from "../src/database/database.ts";
import type { KeptResponse } from "../src/database/responses.ts";
import type { Services } from "../src/services.ts";
import { createClock, settle } from "./clock.ts";
import {
  KEY,
  KEY_ID,
  OTHER_KEY,
  PROVIDER_KEY,
  WORDS,
  begun,
  candidate,
  databaseIsDown,
  fakeServices,
  matching,
  open,
  openedKey,
  recordingProvider,
  send,
} from "./fakes.ts";
import { recorded, recordedAnswer } from "./recorded-answers.ts";

const ID = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";
const REX = candidate("My dog is called Rex and he loves long walks.", { turnId: KEY_ID });
const BLOCK = /^\n\n<memory_context>\n[\s\S]*Rex[\s\S]*<\/memory_context>$/;

/** A vault in which one memory answers whatever is asked. */
const knowing: Partial<Database> = {
  beginTurn: async (_key, turn) => begun(turn, { matches: matching(REX) }),
  recallMemories: async () => matching(REX),
};

/** A response that the key has made. */
const kept = (overrides: Partial<KeptResponse> = {}): KeptResponse => ({
  provider: "openai",
  sessionId: "earlier",
  history: { memoryIds: [], turnIds: [] },
  ...overrides,
});

const whole = () => recordedAnswer("response-plain.json");
const streamed = () => recordedAnswer("response-plain.sse");
const provider = (respond: () => Response = whole) => recordingProvider(respond);

function post(body: object | string = {}, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
    body:
      typeof body === "string" ? body : JSON.stringify({ model: "gpt-5", input: WORDS, ...body }),
  };
}

const respond = (
  services: Services,
  body: object | string = {},
  headers: Record<string, string> = {},
) => send(services, "/v1/responses", post(body, headers));

function bodyOf(request: { body: string } | undefined): Record<string, unknown> {
  return JSON.parse(request?.body ?? "{}");
}

describe("POST /v1/responses", () => {
  it("puts recalled memories behind the user's words and touches nothing else", async () => {
    const { requests, fetch } = provider();
    const sent = '{ "model":"openai/gpt-5",\n "top_p": 1.0, "input":"Hi" , "x":{"a":[1]}}';

    const { headers } = await respond(fakeServices({ fetch, database: knowing }), sent);

    const forwarded = requests[0]?.body ?? "";
    expect(requests[0]?.url).toBe("https://api.openai.com/v1/responses");
    expect(requests[0]?.headers.get("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
    expect(forwarded.replace(/(\\n){2}<memory_context>.*<\/memory_context>/, "")).toBe(
      sent.replace("openai/", ""),
    );
    expect(forwarded).toContain("Rex");
    expect(headers.get("x-memory-status")).toBe("hit");
  });

  it("adds a part to the newest user message of a list", async () => {
    const { requests, fetch } = provider();
    const parts = [
      { type: "input_text", text: WORDS },
      { type: "input_image", image_url: "https://example.com/a.png" },
    ];

    await respond(fakeServices({ fetch, database: knowing }), {
      input: [
        { role: "developer", content: "Be kind" },
        { role: "user", content: parts },
      ],
    });

    expect(bodyOf(requests[0])["input"]).toEqual([
      { role: "developer", content: "Be kind" },
      {
        role: "user",
        content: [...parts, { type: "input_text", text: expect.stringMatching(BLOCK) }],
      },
    ]);
  });

  it("hands the provider's bytes to the client unchanged", async () => {
    const { text } = await respond(fakeServices({ fetch: async () => streamed() }), {
      stream: true,
    });

    expect(text).toBe(new TextDecoder().decode(recorded("response-plain.sse")));
  });

  it.each([
    ["a whole answer", whole, 'Hello! 😀 "How" can I assist\nyou today?'],
    ["a stream", streamed, "Your dog is called Fenja 🐕, and she is drei Jahre alt…"],
  ])("remembers the user's words and %s, and what it cost", async (_, respondWith, said) => {
    const completeTurn = vi.fn<Database["completeTurn"]>();

    await respond(fakeServices({ fetch: async () => respondWith(), database: { completeTurn } }));

    const [, turn, step] = completeTurn.mock.lastCall ?? [];
    expect(turn).toMatchObject({ user_text: WORDS, dialect: "responses", provider: "openai" });
    expect(step).toMatchObject({
      answer: said,
      finish: "complete",
      response_id: ID,
      usage: { prompt: 1117, cached: 1024, cache_write: 64, completion: 46, reasoning: 12 },
    });
  });

  it("gives a tool loop its block back, byte for byte, without a new recall", async () => {
    const { requests, fetch } = provider();
    const block = "\n\n<memory_context>kept</memory_context>";
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) =>
      begun(turn, { isSame: true, turnId: KEY_ID, block, blockMemoryCount: 2 }),
    );
    const input = [
      { role: "user", content: WORDS },
      { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "42" },
    ];

    const { headers } = await respond(fakeServices({ fetch, database: { beginTurn } }), { input });

    expect(bodyOf(requests[0])["input"]).toEqual([
      { role: "user", content: WORDS + block },
      ...input.slice(1),
    ]);
    expect(beginTurn.mock.lastCall?.[2]).toBeNull();
    expect(headers.get("x-memory-status")).toBe("replayed");
  });

  it("keeps what is ours from the provider, whatever it says", async () => {
    const { requests, fetch } = provider();
    const fields = { memory_mode: "on", memory_token_budget: 10, memory_recency: "high" };

    await respond(fakeServices({ fetch }), { ...fields, session_id: "s" });

    expect(bodyOf(requests[0])).toEqual({ model: "gpt-5", input: WORDS });
  });

  it("asks nobody for a model whose provider has no responses", async () => {
    const { requests, fetch } = provider();

    const { status, json } = await respond(fakeServices({ fetch }), { model: "claude-opus-4-1" });

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "model_not_found" } });
    expect(requests).toEqual([]);
  });
});

describe("a response that the provider keeps", () => {
  const aTurn: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);

  it.each([
    ["on", aTurn],
    ["read", aTurn],
    ["write", aTurn],
    ["off", null],
  ])("is noted for its key with memory %s", async (mode, turnId) => {
    const recordResponse = vi.fn<Database["recordResponse"]>(async () => {});
    const services = fakeServices({ fetch: async () => whole(), database: { recordResponse } });

    await respond(services, { memory_mode: mode, session_id: "s1" });

    expect(recordResponse.mock.calls).toEqual([
      [
        KEY_ID,
        {
          id: ID,
          provider: "openai",
          turnId,
          sessionId: "s1",
          previousId: null,
        },
        expect.any(Number),
      ],
    ]);
  });

  it.each([
    ["a whole answer", whole],
    ["a stream", streamed],
  ])("is noted before its end is there: %s", async (_, respondWith) => {
    const noted = Promise.withResolvers<void>();
    let isAnswered = false;
    const answering = respond(
      fakeServices({
        fetch: async () => respondWith(),
        database: { recordResponse: () => noted.promise },
      }),
      { memory_mode: "off" },
    ).then(() => {
      isAnswered = true;
    });

    await settle();
    expect(isAnswered).toBe(false);
    noted.resolve();
    await answering;
    expect(isAnswered).toBe(true);
  });

  it("is noted under the turn that the database knows it by", async () => {
    const recordResponse = vi.fn<Database["recordResponse"]>(async () => {});
    const beginTurn: Database["beginTurn"] = async (_key, turn) =>
      begun(turn, { turnId: KEY_ID, sessionId: "the-session" });

    await respond(
      fakeServices({ fetch: async () => whole(), database: { recordResponse, beginTurn } }),
    );

    expect(recordResponse.mock.lastCall?.[1]).toMatchObject({
      turnId: KEY_ID,
      sessionId: "the-session",
    });
  });

  it.each<[string, object, () => Response]>([
    ["the client keeps to itself", { store: false }, whole],
    ["was refused", {}, () => Response.json({ error: { message: "No." } }, { status: 429 })],
  ])("is none when it %s", async (_, body, respondWith) => {
    const recordResponse = vi.fn<Database["recordResponse"]>();

    await respond(
      fakeServices({ fetch: async () => respondWith(), database: { recordResponse } }),
      body,
    );

    expect(recordResponse).not.toHaveBeenCalled();
  });

  it("ends all the same when the database is away", async () => {
    const clock = createClock();
    const services = fakeServices({
      clock,
      fetch: async () => whole(),
      database: { recordResponse: databaseIsDown },
    });

    const { status, text } = await clock.until(respond(services));

    expect(status).toBe(200);
    expect(text).toBe(new TextDecoder().decode(recorded("response-plain.json")));
  });

  it("is held until it is noted and the turn is stored with X-Memory-Durability: sync", async () => {
    const recordResponse = vi.fn<Database["recordResponse"]>(async () => {});
    const services = fakeServices({ fetch: async () => whole(), database: { recordResponse } });

    const { headers } = await respond(services, {}, { "x-memory-durability": "sync" });

    expect(headers.get("x-memory-stored")).toBe("true");
    expect(recordResponse).toHaveBeenCalledTimes(1);
  });
});

describe("going on with a response", () => {
  it.each<[string, object | string]>([
    ["a response", { previous_response_id: ID }],
    ["a conversation", { conversation: "conv_1" }],
    ["a conversation in an object", { conversation: { id: "conv_1" } }],
    ["a response with memory off", { previous_response_id: ID, memory_mode: "off" }],
    [
      "one of two, whichever the provider would read",
      `{"model":"gpt-5","input":"Hi","previous_response_id":"theirs","previous_response_id":"mine"}`,
    ],
  ])("that this key did not make is a 404, and nobody hears of it: %s", async (_, body) => {
    const { requests, fetch } = provider();
    const beginTurn = vi.fn<Database["beginTurn"]>();
    const findResponse = async (_key: string, id: string) => (id === "mine" ? kept() : null);
    const services = fakeServices({ fetch, database: { beginTurn, findResponse } });

    const { status, json } = await respond(services, body);

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "response_not_found" } });
    expect(requests).toEqual([]);
    expect(beginTurn).not.toHaveBeenCalled();
  });

  it("is asked of this key's own, and of no other's", async () => {
    const findResponse = vi.fn<Database["findResponse"]>(async () => null);

    await respond(fakeServices({ database: { findResponse } }), { previous_response_id: ID });

    expect(findResponse.mock.calls).toEqual([[KEY_ID, ID]]);
  });

  it("is not done blindly when the database is away", async () => {
    const { requests, fetch } = provider();
    const services = fakeServices({ fetch, database: { findResponse: databaseIsDown } });

    const { status, headers } = await respond(services, { previous_response_id: ID });

    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
    expect(requests).toEqual([]);
  });

  it("stays in that response's session, unless another is named", async () => {
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) => begun(turn));
    const findResponse = async () => kept();
    const services = fakeServices({
      fetch: async () => whole(),
      database: { beginTurn, findResponse },
    });

    const { headers } = await respond(services, { previous_response_id: ID });
    await respond(services, { previous_response_id: ID, session_id: "mine" });

    const sessions = beginTurn.mock.calls.map(([, turn]) => turn.session_id);
    expect(sessions).toEqual(["earlier", "mine"]);
    expect(headers.get("x-session-id")).toBe("earlier");
  });

  it("is noted with what it goes on with", async () => {
    const recordResponse = vi.fn<Database["recordResponse"]>(async () => {});
    const findResponse = async () => kept();

    await respond(
      fakeServices({ fetch: async () => whole(), database: { recordResponse, findResponse } }),
      { previous_response_id: "resp_0", memory_mode: "off" },
    );

    expect(recordResponse.mock.lastCall?.[1]).toMatchObject({
      id: ID,
      previousId: "resp_0",
      sessionId: "earlier",
      turnId: null,
    });
  });

  it.each([
    ["it was told", { memoryIds: [REX.id], turnIds: [] }],
    ["it said", { memoryIds: [], turnIds: [KEY_ID] }],
  ])("does not tell it again what %s", async (_, history) => {
    const { requests, fetch } = provider();
    const findResponse = async () => kept({ history });
    const services = fakeServices({ fetch, database: { ...knowing, findResponse } });

    const { headers } = await respond(services, { previous_response_id: ID });

    expect(bodyOf(requests[0])).toEqual({
      model: "gpt-5",
      input: WORDS,
      previous_response_id: ID,
    });
    expect(headers.get("x-memory-status")).toBe("empty");
  });

  it("is another turn than the same words to another response", async () => {
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) => begun(turn));
    const services = fakeServices({
      fetch: async () => whole(),
      database: { beginTurn, findResponse: async () => kept() },
    });

    await respond(services, { previous_response_id: "resp_1" });
    await respond(services, { previous_response_id: "resp_2" });

    const [one, other] = beginTurn.mock.calls.map(([, turn]) => turn.turn_key);
    expect(one).not.toBe(other);
  });
});

const DEEDS = [
  ["GET", ""],
  ["DELETE", ""],
  ["POST", "/cancel"],
  ["GET", "/input_items"],
] as const;

describe.each(DEEDS)("%s /v1/responses/{id}%s", (method, deed) => {
  const ask = (
    services: Services,
    id = ID,
    { query = "", headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ) =>
    send(services, `/v1/responses/${id}${deed}${query}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, ...headers },
    });
  const own = { findResponse: async () => kept() };

  it("passes through for a response that this key made", async () => {
    const { requests, fetch } = recordingProvider(() =>
      recordedAnswer("response-plain.json", { "x-request-id": "req_theirs" }),
    );
    const findResponse = vi.fn<Database["findResponse"]>(async () => kept());

    const answered = await ask(fakeServices({ fetch, database: { findResponse } }), ID, {
      query: "?include[]=a&limit=2",
    });

    expect(findResponse.mock.calls).toEqual([[KEY_ID, ID]]);
    expect(requests.map(({ url }) => url)).toEqual([
      `https://api.openai.com/v1/responses/${ID}${deed}?include[]=a&limit=2`,
    ]);
    expect(requests[0]).toMatchObject({ method, body: "" });
    expect(requests[0]?.headers.get("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
    expect(answered.text).toBe(new TextDecoder().decode(recorded("response-plain.json")));
    expect(answered.headers.get("x-request-id")).toBe("req_theirs");
  });

  it("is a 404 for any other, and nobody hears of it", async () => {
    const { requests, fetch } = provider();

    const { status, json } = await ask(fakeServices({ fetch }));

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "response_not_found" } });
    expect(requests).toEqual([]);
  });

  it.each(["%2e%2e", "..%2ffiles", "a%2fb", "%00", "x".repeat(300), "caf%C3%A9", "a%3fb=c"])(
    "is a 404 for what is no id: %s",
    async (id) => {
      const { requests, fetch } = provider();
      const findResponse = vi.fn<Database["findResponse"]>(async () => kept());

      const { status } = await ask(fakeServices({ fetch, database: { findResponse } }), id);

      expect(status).toBe(404);
      expect(findResponse).not.toHaveBeenCalled();
      expect(requests).toEqual([]);
    },
  );

  it("hands on what the provider refuses", async () => {
    const refusal = '{"error":{"message":"gone"}}';
    const fetch = async () => new Response(refusal, { status: 410 });

    const { status, text } = await ask(fakeServices({ fetch, database: own }));

    expect([status, text]).toEqual([410, refusal]);
  });

  it("carries no memory key to the provider, in whatever place", async () => {
    const { requests, fetch } = provider();

    await ask(fakeServices({ fetch, database: own }), ID, {
      query: `?after=${OTHER_KEY}&limit=1`,
      headers: { "x-api-key": KEY, "idempotency-key": OTHER_KEY },
    });

    const said = requests.map(({ url, headers }) => [url, ...headers].join()).join();
    expect(said).not.toContain("mk_");
    expect(requests[0]?.url).toMatch(/\?limit=1$/);
  });

  it("asks the provider that keeps it, with a key of that provider's", async () => {
    const { requests, fetch } = provider();
    const findResponse = async () => kept({ provider: "openrouter" });
    const without = await ask(fakeServices({ fetch, database: { findResponse } }));
    const openMemoryKey = async () =>
      openedKey({ provider_keys: [{ id: "1", provider: "openrouter", secret: "sk-or-v1-x" }] });

    await ask(fakeServices({ fetch, database: { findResponse, openMemoryKey } }));

    expect(without.status).toBe(422);
    expect(requests.map(({ url }) => new URL(url).host)).toEqual(["openrouter.ai"]);
    expect(requests[0]?.headers.get("authorization")).toBe("Bearer sk-or-v1-x");
  });

  it("is refused for now when nobody knows whose it is", async () => {
    const findResponse = () => Promise.reject(new DatabaseFailure("find_response", 503, ""));

    const { status } = await ask(fakeServices({ database: { findResponse } }));

    expect(status).toBe(503);
  });
});

describe("a stream that is read a second time", () => {
  it("reaches the client event by event and is no turn", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const findResponse = async () => kept();
    const services = fakeServices({
      fetch: async () => streamed(),
      database: { completeTurn, findResponse },
    });

    const { response, finished } = await open(services, `/v1/responses/${ID}?stream=true`, {
      headers: { authorization: `Bearer ${KEY}` },
    });

    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe(new TextDecoder().decode(recorded("response-plain.sse")));
    await finished();
    expect(completeTurn).not.toHaveBeenCalled();
  });
});

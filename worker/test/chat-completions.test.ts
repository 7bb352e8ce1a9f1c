import { describe, expect, it, vi } from "vitest";

import type { Outside } from "../src/create-services.ts";
import type { Database } from "../src/database/database.ts";
import type { Turn } from "../src/turns/turn.ts";
import { createClock, settle } from "./clock.ts";
import {
  HI,
  KEY,
  KEY_ID,
  PROVIDER_KEY,
  WORDS,
  answer,
  begun,
  candidate,
  chat,
  databaseIsDown,
  eventsOf,
  fakeQueue,
  fakeServices,
  matching,
  open,
  openedKey,
  recordingProvider,
  streamOf,
} from "./fakes.ts";

const REX = candidate("My dog is called Rex and he loves long walks.");

/** A vault in which one memory answers whatever is asked. */
const knowing: Partial<Database> = {
  beginTurn: async (_key, turn) => begun(turn, { matches: matching(REX) }),
  recallMemories: async () => matching(REX),
};

const BLOCK = /^Hi there, I am Ada\n\n<memory_context>\n[\s\S]*Rex[\s\S]*<\/memory_context>$/;

function bodyOf(request: { body: string } | undefined): {
  model: string;
  messages: { content: string }[];
} {
  return JSON.parse(request?.body ?? "{}");
}

describe("POST /v1/chat/completions", () => {
  it("puts recalled memories behind the newest user text and touches nothing else", async () => {
    const { requests, fetch } = recordingProvider();
    const sent =
      '{ "model":"openai/gpt-4o",\n "n": 1.0, "messages":[{"role":"user","content":"Hi"}] , "x":{"a":[1]}}';

    const { headers } = await chat(fakeServices({ fetch, database: knowing }), sent);

    const forwarded = requests[0]?.body ?? "";
    const withoutBlock = forwarded.replace(/(\\n){2}<memory_context>.*<\/memory_context>/, "");
    expect(withoutBlock).toBe(sent.replace("openai/", ""));
    expect(forwarded).toContain("Rex");
    expect(headers.get("x-memory-status")).toBe("hit");
    expect(headers.get("x-memory-chunks-retrieved")).toBe("1");
    expect(Number(headers.get("x-memory-tokens-retrieved"))).toBeGreaterThan(0);
  });

  it("answers in one piece when no stream is asked for", async () => {
    const { requests, fetch } = recordingProvider();

    const { status, json } = await chat(fakeServices({ fetch }));

    expect(status).toBe(200);
    expect(json()).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
    expect(requests[0]?.url).toBe("https://api.openai.com/v1/chat/completions");
    expect(requests[0]?.headers.get("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
  });

  it("hands the provider's bytes to the client unchanged", async () => {
    const bytes = eventsOf("Hel", "lo").join("");

    const { text } = await chat(fakeServices({ fetch: async () => streamOf("Hel", "lo") }), {
      stream: true,
    });

    expect(text).toBe(bytes);
  });

  it("remembers the user's words and the whole answer once it has been streamed", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const services = fakeServices({
      database: { completeTurn },
      fetch: async () => streamOf("Hel", "lo"),
    });

    await chat(services, { stream: true });

    const [keyId, turn, step] = completeTurn.mock.lastCall ?? [];
    expect(keyId).toBe(KEY_ID);
    expect(turn).toMatchObject({
      user_text: WORDS,
      stores_user: true,
      provider: "openai",
      model: "gpt-4o",
    });
    expect(step).toMatchObject({ answer: "Hello", finish: "complete", status: 200, usage: null });
  });

  it("counts tokens as the provider reported them", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();

    await chat(fakeServices({ database: { completeTurn } }));

    const [, , step] = completeTurn.mock.lastCall ?? [];
    expect(step?.usage).toMatchObject({ prompt: 7, completion: 2 });
    expect(step?.response_id).toBe("chatcmpl-1");
  });

  it("embeds what it has stored, behind the answer", async () => {
    const pendingVectors = vi.fn<Database["pendingVectors"]>(async () => []);

    await chat(fakeServices({ database: { pendingVectors } }));

    expect(pendingVectors).toHaveBeenCalledWith(KEY_ID, expect.any(Number));
  });

  it("sends no text to an embedder for a key that goes by words alone", async () => {
    const embed = vi.fn<Outside["embed"]>();
    const pendingVectors = vi.fn<Database["pendingVectors"]>();
    const openMemoryKey = async () => openedKey({ embedding: "words" });

    const { headers } = await chat(
      fakeServices({ embed, database: { ...knowing, openMemoryKey, pendingVectors } }),
    );

    expect(headers.get("x-memory-status")).toBe("hit");
    expect(embed).not.toHaveBeenCalled();
    expect(pendingVectors).not.toHaveBeenCalled();
  });

  it("says what it took and what of it was ours", async () => {
    const { headers } = await chat(fakeServices());

    expect(headers.get("server-timing")).toMatch(
      /^auth;dur=\d+, embed;dur=\d+, recall;dur=\d+, upstream;dur=\d+$/,
    );
    expect(headers.get("x-mr-overhead-ms")).toMatch(/^\d+$/);
    expect(headers.get("x-mr-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("echoes the session, one that no header could carry percent-encoded", async () => {
    const plain = await chat(fakeServices(), { session_id: "s1" });
    const foreign = await chat(fakeServices(), { session_id: "séance 語" });

    expect(plain.headers.get("x-session-id")).toBe("s1");
    expect(foreign.headers.get("x-session-id")).toBe("s%C3%A9ance %E8%AA%9E");
  });
});

describe("the way to the provider", () => {
  it("carries neither our fields nor what speaks of the client's network", async () => {
    const { requests, fetch } = recordingProvider();

    await chat(
      fakeServices({ fetch }),
      { session_id: "s", memory_mode: "on", memory_token_budget: 10, memory_recency: "high" },
      {
        cookie: "a=b",
        "x-forwarded-for": "1.2.3.4",
        "cf-connecting-ip": "1.2.3.4",
        forwarded: "for=1.2.3.4",
        "x-memory-mode": "on",
        "x-session-id": "s",
        "x-provider-url": "http://evil.example",
        "user-agent": "Mozilla/5.0",
      },
    );

    expect(JSON.parse(requests[0]?.body ?? "{}")).toEqual({ ...HI, model: "gpt-4o" });
    const names = [...(requests[0]?.headers.keys() ?? [])];
    expect(names.toSorted()).toEqual(["authorization", "content-type"]);
  });

  it.each([
    ["base_url", { base_url: "http://evil.example/v1" }],
    ["api_base", { api_base: "http://evil.example/v1" }],
  ])("ends at the provider's own host, whatever %s says", async (_name, field) => {
    const { requests, fetch } = recordingProvider();

    await chat(fakeServices({ fetch }), field, { "x-portkey-custom-host": "http://evil.example" });

    expect(requests.map(({ url }) => url)).toEqual(["https://api.openai.com/v1/chat/completions"]);
  });

  it("uses the provider key that comes with the request instead of the stored one", async () => {
    const { requests, fetch } = recordingProvider();

    await chat(
      fakeServices({ fetch }),
      {},
      { "x-memory-key": KEY, authorization: "Bearer sk-mine" },
    );

    expect(requests[0]?.headers.get("authorization")).toBe("Bearer sk-mine");
  });

  it.each([
    ["an OpenAI key beside Anthropic's model", "claude-opus-4-1", "sk-mine"],
    ["an Anthropic key beside OpenAI's model", "gpt-4o", "sk-ant-mine"],
  ])("is not taken with %s", async (_name, model, key) => {
    const { requests, fetch } = recordingProvider();

    const { status } = await chat(fakeServices({ fetch }), { model }, { "x-provider-key": key });

    expect(status).toBe(400);
    expect(requests).toEqual([]);
  });

  it("gives OpenRouter a name for the conversation that says nothing and stays the same", async () => {
    const { requests, fetch } = recordingProvider();
    const services = fakeServices({
      fetch,
      database: {
        openMemoryKey: async () =>
          openedKey({ provider_keys: [{ id: "1", provider: "openrouter", secret: "sk-or-v1-x" }] }),
      },
    });
    const model = "google/gemini-2.5-pro";

    await chat(services, { model, session_id: "s1" });
    await chat(services, { model, session_id: "s1" });
    await chat(services, { model, session_id: "s2" });

    const [first, second, third] = requests.map(({ headers }) => headers.get("x-session-id"));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(JSON.parse(requests[0]?.body ?? "{}")).toMatchObject({ model, session_id: "s1" });
  });
});

describe("what a provider refuses", () => {
  it.each([400, 401, 403, 404, 413, 429, 500, 502, 503, 529])(
    "%i is handed on as it came",
    async (status) => {
      const said = '{"error": {"message": "No.", "type": "their_error"}}';
      const headers = {
        "content-type": "application/json",
        "retry-after": "7",
        "x-request-id": "req_theirs",
      };
      const { requests, fetch } = recordingProvider(() => new Response(said, { status, headers }));

      const answered = await chat(fakeServices({ fetch }));

      expect(answered.status).toBe(status);
      expect(answered.text).toBe(said);
      expect(answered.headers.get("retry-after")).toBe("7");
      expect(answered.headers.get("x-request-id")).toBe("req_theirs");
      expect(answered.headers.get("x-should-retry")).toBeNull();
      expect(requests).toHaveLength(1);
    },
  );

  it("becomes no memory, and its turn has failed", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const fetch = async () => Response.json({ error: { message: "No." } }, { status: 429 });

    await chat(fakeServices({ fetch, database: { completeTurn } }));

    const [, , step] = completeTurn.mock.lastCall ?? [];
    expect(step).toMatchObject({ status: 429, finish: "error", answer: null });
  });

  it("is an HTML page when the provider sends one", async () => {
    const page = "<html>502</html>";
    const fetch = async () =>
      new Response(page, { status: 502, headers: { "content-type": "text/html" } });

    const { status, text, headers } = await chat(fakeServices({ fetch }));

    expect([status, text, headers.get("content-type")]).toEqual([502, page, "text/html"]);
  });
});

describe("a provider that is not there", () => {
  it("is a 502 of ours, and its turn has failed", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const fetch = () => Promise.reject(new TypeError("connect ECONNREFUSED 10.0.0.1:443"));

    const { status, text, headers } = await chat(
      fakeServices({ fetch, database: { completeTurn } }),
    );

    expect(status).toBe(502);
    expect(text).toContain("provider_unreachable");
    expect(text).not.toContain("10.0.0.1");
    expect(headers.get("x-should-retry")).toBe("false");
    expect(completeTurn.mock.lastCall?.[2]).toMatchObject({ status: 502, finish: "error" });
  });

  it("is a 504 of ours after the limit for a stream's first byte", async () => {
    const clock = createClock();
    const services = fakeServices({ clock, fetch: () => new Promise(() => {}) });

    const { status, json } = await clock.until(chat(services, { stream: true }));

    expect(status).toBe(504);
    expect(json()).toMatchObject({ error: { code: "provider_timeout" } });
    expect(clock.now() - createClock().now()).toBe(120_000);
  });
});

describe("memory that is in a bad way", () => {
  it.each([
    [
      "the database is away",
      { beginTurn: databaseIsDown, recallMemories: databaseIsDown },
      "database_unavailable",
    ],
    ["nothing comes in time", { beginTurn: () => new Promise<never>(() => {}) }, "recall_slow"],
  ])("does not fail the request when %s, and says so", async (_name, database, reason) => {
    const clock = createClock();
    const { requests, fetch } = recordingProvider();
    const recallMemories = () => new Promise<never>(() => {});
    const services = fakeServices({ clock, fetch, database: { recallMemories, ...database } });

    const { response } = await clock.until(open(services, "/v1/chat/completions", post()));

    expect(response.status).toBe(200);
    expect(response.headers.get("x-memory-status")).toBe(`degraded; reason=${reason}; rung=none`);
    expect(bodyOf(requests[0]).messages[0]?.content).toBe(WORDS);
  });

  it("goes by words when the embedder is away", async () => {
    const embed = () => Promise.reject(new Error("503"));

    const { headers } = await chat(fakeServices({ embed, database: knowing }));

    expect(headers.get("x-memory-status")).toBe("degraded; reason=embedding_failed; rung=lexical");
    expect(headers.get("x-memory-chunks-retrieved")).toBe("1");
  });

  it("answers as usual when the turn cannot be stored, and leaves it to the queue", async () => {
    const clock = createClock();
    const turns = fakeQueue();
    const services = fakeServices({ clock, turns, database: { completeTurn: databaseIsDown } });

    const { status } = await clock.until(chat(services));

    expect(status).toBe(200);
    expect(turns.messages).toMatchObject([
      {
        kind: "turn",
        memory_key_id: KEY_ID,
        turn: { user_text: WORDS },
        step: { answer: "Hello" },
      },
    ]);
  });

  it("stores a turn whole that the database had never heard of", async () => {
    const clock = createClock();
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const services = fakeServices({ clock, database: { beginTurn: databaseIsDown, completeTurn } });

    await clock.until(chat(services));

    expect(completeTurn.mock.lastCall?.[1]).toMatchObject({
      user_text: WORDS,
      begun_at: "2026-11-22T12:00:00.000Z",
    });
  });

  it("stores a turn under the name that the database gave it late", async () => {
    const clock = createClock();
    const late = Promise.withResolvers<ReturnType<typeof begun>>();
    let drafted: Turn | undefined;
    const beginTurn: Database["beginTurn"] = (_key, turn) => {
      drafted = turn;
      return late.promise;
    };
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const services = fakeServices({ clock, database: { beginTurn, completeTurn } });

    const { response, finished } = await clock.until(
      open(services, "/v1/chat/completions", post()),
    );
    await response.text();
    expect(completeTurn).not.toHaveBeenCalled();
    if (drafted) late.resolve(begun(drafted, { turnId: KEY_ID, sessionId: "the-session" }));
    await finished();

    expect(completeTurn.mock.lastCall?.[1]).toMatchObject({
      turn_id: KEY_ID,
      session_id: "the-session",
    });
  });

  it("is given up on for a while after five failures, and still journals", async () => {
    const clock = createClock();
    const beginTurn = vi.fn<Database["beginTurn"]>(() => new Promise(() => {}));
    const recallMemories = vi.fn<Database["recallMemories"]>(() => new Promise(() => {}));
    const slow = { beginTurn, recallMemories };
    const services = fakeServices({ clock, database: slow });
    const sendOne = () => open(services, "/v1/chat/completions", post());
    beginTurn.mockImplementation(databaseIsDown);
    for (let failure = 0; failure < 5; failure++) await clock.until(sendOne());
    beginTurn.mockClear();
    beginTurn.mockImplementation(() => new Promise(() => {}));

    const startedAtMs = clock.now();
    const { response } = await sendOne();

    expect(response.headers.get("x-memory-status")).toContain("database_unavailable");
    expect(clock.now()).toBe(startedAtMs);
    expect(beginTurn).toHaveBeenCalledTimes(1);
  });
});

describe("the journal", () => {
  it("has the block before the client has the first byte", async () => {
    const order: string[] = [];
    const journalled = Promise.withResolvers<void>();
    const journalBlock = vi.fn<Database["journalBlock"]>(async () => {
      await journalled.promise;
      order.push("journalled");
    });
    const services = fakeServices({ database: { ...knowing, journalBlock } });

    const answering = open(services, "/v1/chat/completions", post()).then((opened) => {
      order.push("answered");
      return opened;
    });
    await settle();
    journalled.resolve();
    const { response, finished } = await answering;
    await response.text();
    await finished();

    expect(order).toEqual(["journalled", "answered"]);
    expect(journalBlock.mock.lastCall?.[2]).toMatchObject({
      block: expect.stringContaining("Rex"),
      memories: [{ id: REX.id, part: 0 }],
      receipt: { rung: "hybrid", reason: null, memories: [{ id: REX.id, rank: 1 }] },
    });
  });

  it("that is slow is not waited for past the deadline", async () => {
    const clock = createClock();
    const database = { ...knowing, journalBlock: () => new Promise<never>(() => {}) };

    const { response } = await clock.until(
      open(fakeServices({ clock, database }), "/v1/chat/completions", post()),
    );

    expect(response.status).toBe(200);
  });

  it("gives a tool loop its block back, byte for byte, without a new recall", async () => {
    const { requests, fetch } = recordingProvider();
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) =>
      begun(turn, {
        isSame: true,
        turnId: KEY_ID,
        block: "\n\n<memory_context>kept</memory_context>",
        blockMemoryCount: 2,
      }),
    );
    const recallMemories = vi.fn<Database["recallMemories"]>();

    const { headers } = await chat(
      fakeServices({ fetch, database: { beginTurn, recallMemories } }),
      {
        messages: [
          { role: "user", content: WORDS },
          { role: "assistant", content: null, tool_calls: [] },
          { role: "tool", tool_call_id: "1", content: "42" },
        ],
      },
    );

    expect(bodyOf(requests[0]).messages[0]?.content).toBe(
      `${WORDS}\n\n<memory_context>kept</memory_context>`,
    );
    expect(beginTurn.mock.lastCall?.[2]).toBeNull();
    expect(recallMemories).not.toHaveBeenCalled();
    expect(headers.get("x-memory-status")).toBe("replayed");
    expect(headers.get("x-memory-chunks-retrieved")).toBe("2");
    expect(headers.get("x-memory-receipt")).toBe(KEY_ID);
  });

  it("is told when the client tries again", async () => {
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) => begun(turn));

    await chat(
      fakeServices({ database: { beginTurn } }),
      {},
      { "x-stainless-retry-count": "1", "idempotency-key": "i1" },
    );

    expect(beginTurn.mock.lastCall?.[1]).toMatchObject({ is_retry: true, idempotency_key: "i1" });
  });
});

describe("steering", () => {
  it("off forwards the client's bytes and asks the database for nothing but the key", async () => {
    const { requests, fetch } = recordingProvider();
    const database = {
      beginTurn: vi.fn<Database["beginTurn"]>(),
      completeTurn: vi.fn<Database["completeTurn"]>(),
      recallMemories: vi.fn<Database["recallMemories"]>(),
      journalBlock: vi.fn<Database["journalBlock"]>(),
    };
    const sent = '{"model":"gpt-4o" , "messages":[{"role":"user","content":"Hi"}],"seed":1.0}';

    const { headers } = await chat(fakeServices({ fetch, database }), sent, {
      "x-memory-mode": "off",
    });

    expect(requests[0]?.body).toBe(sent);
    expect(headers.get("x-memory-status")).toBe("off");
    expect(headers.get("x-memory-stored")).toBe("false; reason=mode");
    for (const call of Object.values(database)) expect(call).not.toHaveBeenCalled();
  });

  it.each<[string, object, Record<string, string>]>([
    ["the field", { memory_mode: "read" }, {}],
    ["the header", {}, { "x-memory-mode": "read" }],
    ["the suffix", {}, { authorization: `Bearer ${KEY}:read` }],
  ])("read by %s recalls and keeps nothing", async (_name, body, headers) => {
    const { requests, fetch } = recordingProvider();
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const beginTurn = vi.fn<Database["beginTurn"]>(async (_key, turn) =>
      begun(turn, { matches: matching(REX) }),
    );
    const services = fakeServices({ fetch, database: { ...knowing, beginTurn, completeTurn } });

    const answered = await chat(services, body, headers);

    expect(bodyOf(requests[0]).messages[0]?.content).toMatch(BLOCK);
    expect(answered.headers.get("x-memory-stored")).toBe("false; reason=mode");
    expect(beginTurn.mock.lastCall?.[1]).toMatchObject({ user_text: null, stores_user: false });
    const [, turn, step] = completeTurn.mock.lastCall ?? [];
    expect(turn).toMatchObject({ user_text: null, stores_user: false });
    expect(step).toMatchObject({ answer: null, stores_answer: false });
  });

  it.each<[string, object, Record<string, string>]>([
    ["the field", { memory_mode: "write" }, {}],
    ["the header", {}, { "x-memory-mode": "write" }],
    ["the suffix", {}, { authorization: `Bearer ${KEY}:write` }],
  ])("write by %s keeps and recalls nothing", async (_name, body, headers) => {
    const { requests, fetch } = recordingProvider();
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const services = fakeServices({ fetch, database: { ...knowing, completeTurn } });

    const answered = await chat(services, body, headers);

    expect(bodyOf(requests[0]).messages[0]?.content).toBe(WORDS);
    expect(answered.headers.get("x-memory-status")).toBe("write");
    expect(completeTurn.mock.lastCall?.[1]).toMatchObject({ user_text: WORDS });
  });

  it("leaves out what the request itself contains", async () => {
    const { requests, fetch } = recordingProvider();

    const { headers } = await chat(fakeServices({ fetch, database: knowing }), {
      messages: [
        { role: "system", content: `Known: ${REX.content}` },
        { role: "user", content: WORDS },
      ],
    });

    expect(bodyOf(requests[0]).messages[1]?.content).toBe(WORDS);
    expect(headers.get("x-memory-status")).toBe("empty");
  });

  it.each([
    ["a budget of nothing", { memory_token_budget: 0 }, {}],
    ["a count of nothing", {}, { "x-memory-context-limit": "0" }],
    [
      "a message that is opted out",
      { messages: [{ role: "user", content: WORDS, memory: false }] },
      {},
    ],
  ])("recalls nothing for %s", async (_name, body, headers) => {
    const { requests, fetch } = recordingProvider();

    const answered = await chat(fakeServices({ fetch, database: knowing }), body, headers);

    expect(bodyOf(requests[0]).messages).toEqual([{ role: "user", content: WORDS }]);
    expect(answered.headers.get("x-memory-status")).toBe("empty");
  });

  it("keeps the user's words and not the answer when that is wanted", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();

    await chat(
      fakeServices({ database: { completeTurn } }),
      {},
      { "x-memory-store-response": "false" },
    );

    expect(completeTurn.mock.lastCall?.[1]).toMatchObject({ user_text: WORDS });
    expect(completeTurn.mock.lastCall?.[2]).toMatchObject({ answer: null, stores_answer: false });
  });

  it("keeps nothing for an account past due, and the model answers", async () => {
    const openMemoryKey = async () => openedKey({ is_memory_read_only: true });

    const { status, headers } = await chat(fakeServices({ database: { openMemoryKey } }));

    expect(status).toBe(200);
    expect(headers.get("x-memory-stored")).toBe("false; reason=allowance");
  });

  it("never stores a credential that somebody pasted, nor what nobody can see", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const pasted = `My key is sk-proj-${"abc123".repeat(6)}, keep\u200b it\u{e0061}.`;
    const fetch = async () => answer(`Noted: AKIAIOSFODNN7EXAMPLE`);

    await chat(fakeServices({ fetch, database: { completeTurn } }), {
      messages: [{ role: "user", content: pasted }],
    });

    const [, turn, step] = completeTurn.mock.lastCall ?? [];
    expect(turn?.user_text).toBe("My key is [secret removed], keep it.");
    expect(step?.answer).toBe("Noted: [secret removed]");
  });

  it("never stores a block that the model repeats", async () => {
    const completeTurn = vi.fn<Database["completeTurn"]>();
    const { requests, fetch: record } = recordingProvider();
    const fetch: typeof record = async (input, init) => {
      await record(input, init);
      return answer(bodyOf(requests[0]).messages[0]?.content ?? "");
    };

    await chat(fakeServices({ fetch, database: { ...knowing, completeTurn } }));

    expect(completeTurn.mock.lastCall?.[2].answer).toBe(WORDS);
  });
});

describe("X-Memory-Durability: sync", () => {
  const sync = { "x-memory-durability": "sync" };

  it("holds the answer until the turn is stored, and says so", async () => {
    const stored = Promise.withResolvers<void>();
    const completeTurn: Database["completeTurn"] = async (_key, turn) => {
      await stored.promise;
      return { isStored: true, turnId: turn.turn_id, sessionId: "s" };
    };
    let isAnswered = false;
    const answering = chat(fakeServices({ database: { completeTurn } }), {}, sync).then((sent) => {
      isAnswered = true;
      return sent;
    });

    await settle();
    expect(isAnswered).toBe(false);
    stored.resolve();
    const { headers, json } = await answering;

    expect(headers.get("x-memory-stored")).toBe("true");
    expect(json()).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
  });

  it("says that the turn is in the queue when it is", async () => {
    const clock = createClock();
    const services = fakeServices({ clock, database: { completeTurn: databaseIsDown } });

    const { headers } = await clock.until(chat(services, {}, sync));

    expect(headers.get("x-memory-stored")).toBe("queued");
  });

  it("promises nothing when the turn found no place, and still answers", async () => {
    const clock = createClock();
    const services = fakeServices({
      clock,
      database: { completeTurn: databaseIsDown },
      turns: { send: () => Promise.reject(new Error("queue is away")) },
    });

    const { status, headers, json } = await clock.until(chat(services, {}, sync));

    expect(status).toBe(200);
    expect(headers.get("x-memory-stored")).toBeNull();
    expect(json()).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
  });

  it("holds the end of a stream, and nothing before it", async () => {
    const stored = Promise.withResolvers<void>();
    const completeTurn: Database["completeTurn"] = async (_key, turn) => {
      await stored.promise;
      return { isStored: true, turnId: turn.turn_id, sessionId: "s" };
    };
    const services = fakeServices({
      database: { completeTurn },
      fetch: async () => streamed("Hel", "lo"),
    });
    const { response } = await open(services, "/v1/chat/completions", post({ stream: true }, sync));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const reading = (async () => {
      for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
        text += read.value;
    })();

    await settle();
    expect(text).toContain("lo");
    expect(text).not.toContain("[DONE]");
    stored.resolve();
    await reading;
    expect(text).toBe(eventsOf("Hel", "lo").join(""));
  });

  it("breaks a stream whose turn found no place, so that nobody takes it for safe", async () => {
    const clock = createClock();
    const services = fakeServices({
      clock,
      database: { completeTurn: databaseIsDown },
      turns: { send: () => Promise.reject(new Error("queue is away")) },
      fetch: async () => streamed("Hel", "lo"),
    });

    const { response } = await open(services, "/v1/chat/completions", post({ stream: true }, sync));

    await expect(clock.until(response.text())).rejects.toThrow("could not be stored");
  });

  it("adds nothing to what is not stored anyway", async () => {
    const { headers } = await chat(fakeServices(), {}, { ...sync, "x-memory-mode": "read" });

    expect(headers.get("x-memory-stored")).toBe("false; reason=mode");
  });
});

/** A stream of one chunk an event, as they come over a network. */
function streamed(...deltas: string[]): Response {
  const body = ReadableStream.from(
    eventsOf(...deltas).map((event) => new TextEncoder().encode(event)),
  );
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function post(body: object = {}, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ ...HI, ...body }),
  };
}

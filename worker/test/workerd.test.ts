/** The worker as it is deployed, in workerd, between a provider and a database that tests script. */

import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, request as httpRequest } from "node:http";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestHarness, createTestHarness } from "wrangler";

import {
  DATABASE_SECRET,
  KEY,
  LOCAL_SECRET,
  OTHER_KEY,
  PROVIDER_KEY,
  TEST_ENV,
  WORDS,
  eventsOf,
  openedKey,
} from "./fakes.ts";
import { type Handler, type ScriptedServer, scriptedServer, signal } from "./scripted-server.ts";

type Call = { readonly name: string; readonly args: CallArguments };
type CallArguments = {
  readonly turn?: {
    turn_id: string;
    session_id: string | null;
    session_seed: string;
    user_text: string;
  };
  readonly step?: { answer: string; finish: string; status: number };
};

describe("the worker in workerd", () => {
  let provider: ScriptedServer;
  let database: ScriptedServer;
  let worker: TestHarness;
  let url: URL;

  let answerAs: Handler = () => {};
  /** The status to fail a call of the database with; undefined lets it answer. */
  let failCall: (name: string) => number | undefined = () => undefined;
  let openedAs: object = {};
  let calls: Call[] = [];
  let waiting: {
    readonly isIt: (call: Call) => boolean;
    readonly resolve: (call: Call) => void;
  }[] = [];

  /** The call that completes the turn of these words, now or later. */
  const completionOf = (words: string): Promise<Call> => {
    const isIt = ({ name, args }: Call) =>
      name === "complete_turn" && args.turn?.user_text === words;
    const known = calls.find(isIt);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => waiting.push({ isIt, resolve }));
  };

  beforeAll(async () => {
    provider = await scriptedServer((request, response) => answerAs(request, response));
    database = await scriptedServer(({ path, body }, response) => {
      const call: Call = { name: path.split("/").at(-1) ?? "", args: JSON.parse(body || "{}") };
      const failure = failCall(call.name);
      response.writeHead(failure ?? 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(failure ? { code: "XX000", message: WORDS } : quietAnswer(call, openedAs)),
      );
      if (failure) return;
      calls.push(call);
      for (const { isIt, resolve } of waiting) if (isIt(call)) resolve(call);
    });
    const { SUPABASE_SECRET_KEY, SEALING_KEYS, EMBEDDINGS_API_KEY, ...vars } = TEST_ENV;
    worker = createTestHarness({
      workers: [
        {
          configPath: fileURLToPath(new URL("../wrangler.jsonc", import.meta.url)),
          vars: {
            ...vars,
            SUPABASE_URL: database.url,
            EMBEDDINGS_URL: `${provider.url}/v1`,
            UPSTREAMS: JSON.stringify({ openai: `${provider.url}/v1` }),
          },
          secrets: { SUPABASE_SECRET_KEY, SEALING_KEYS, EMBEDDINGS_API_KEY, LOCAL_SECRET },
        },
      ],
    });
    ({ url } = await worker.listen());
  });

  afterEach(() => {
    failCall = () => undefined;
    openedAs = {};
    calls = [];
    waiting = [];
  });

  afterAll(async () => {
    await worker.close();
    await provider[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const ask = (words: string, body: object = {}, key = KEY) => {
    const sent = httpRequest(new URL("/v1/chat/completions", url), {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    });
    const answered = signal<{ response: IncomingMessage; text: Promise<string> }>();
    const begun = signal();
    answered.promise.catch(() => {});
    sent.on("response", (response) => {
      response.once("data", () => begun.resolve());
      const text = textOf(response);
      text.catch(() => {});
      answered.resolve({ response, text });
    });
    sent.on("error", answered.reject);
    sent.end(
      JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: words }], ...body }),
    );
    return { sent, answered: answered.promise, begun: begun.promise };
  };

  it("answers health checks", async () => {
    const answer = await fetch(new URL("/health", url));

    expect(await answer.json()).toMatchObject({ status: "ok" });
  });

  it("hands on the first event before the provider has sent the second", async () => {
    const [first = "", ...rest] = eventsOf("one", "two");
    const goOn = signal();
    answerAs = async (_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      response.write(first);
      await goOn.promise;
      response.end(rest.join(""));
    };

    const { answered, begun } = ask("First things first", { stream: true });
    await begun;
    goOn.resolve();

    const { text } = await answered;
    expect(await text).toBe([first, ...rest].join(""));
    await completionOf("First things first");
  });

  it.each([1, 3, 19])(
    "remembers the whole answer of a client that hung up after %i of twenty events",
    async (seen) => {
      const words = Array.from({ length: 20 }, (_, index) => `word${index} `);
      const events = eventsOf(...words);
      const hungUp = signal();
      answerAs = async (_request, response) => {
        response.writeHead(200, EVENT_STREAM);
        response.write(events.slice(0, seen).join(""));
        await hungUp.promise;
        await trickle(response, events.slice(seen));
        response.end();
      };

      const { sent, begun } = ask(`Hung up after ${seen}`, { stream: true });
      await begun;
      sent.destroy();
      hungUp.resolve();

      const { args } = await completionOf(`Hung up after ${seen}`);
      expect(args.step).toMatchObject({ answer: words.join(""), finish: "complete" });
    },
  );

  it("remembers the answer of a client that left before it began", async () => {
    const asked = signal();
    const left = signal();
    answerAs = async (_request, response) => {
      asked.resolve();
      await left.promise;
      response.writeHead(200, EVENT_STREAM);
      response.end(eventsOf("Too ", "late").join(""));
    };

    const { sent } = ask("Already gone", { stream: true });
    await asked.promise;
    sent.destroy();
    left.resolve();

    const { args } = await completionOf("Already gone");
    expect(args.step).toMatchObject({ answer: "Too late", finish: "complete" });
  });

  it("listens no longer than the client, for a key that is set to stop", async () => {
    openedAs = { on_disconnect: "stop" };
    const endless = Array.from({ length: 1_000 }, () => "more ");
    answerAs = async (_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      await trickle(response, eventsOf(...endless));
    };

    const { sent, begun } = ask("Stop it", { stream: true }, OTHER_KEY);
    await begun;
    sent.destroy();

    const { args } = await completionOf("Stop it");
    expect(args.step).toMatchObject({ answer: expect.stringMatching(/^more /), finish: "stopped" });
  });

  it("answers while the database is away, and stores the turn once when it is back", async () => {
    const tries: string[] = [];
    failCall = (name) => {
      if (name === "open_memory_key") return undefined;
      tries.push(name);
      // Away for the journal, for all three tries to store, and for the queue's first.
      return tries.filter((each) => each === "complete_turn").length <= 3 ? 503 : undefined;
    };
    answerAs = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(COMPLETION));
    };

    const { answered } = ask("Database away");
    const { response, text } = await answered;

    expect(response.statusCode).toBe(200);
    expect(JSON.parse(await text)).toEqual(COMPLETION);
    expect(response.headers["x-memory-status"]).toContain("degraded; reason=database_unavailable");
    const { args } = await completionOf("Database away");
    expect(args.step).toMatchObject({ answer: "Hello", status: 200 });
    expect(calls.filter(({ name }) => name === "complete_turn")).toHaveLength(1);
  });

  it("sweeps by the clock", async () => {
    await worker.getWorker().scheduled({ cron: "* * * * *" });

    const swept = calls.map(({ name }) => name);
    expect(swept).toContain("sweep_turns");
    expect(swept).toContain("keys_awaiting_vectors");
  });

  it("refuses 33 MB that come without a length, before all of it is there", async () => {
    const sent = httpRequest(new URL("/v1/chat/completions", url), {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}` },
    });
    sent.on("error", () => {});
    const megabyte = Buffer.alloc(1024 * 1024, " ");
    for (let written = 0; written < 33; written++) sent.write(megabyte);
    sent.end();

    const [response] = await once(sent, "response");
    expect(response.statusCode).toBe(413);
  });

  it("keeps no key readable in KV", async () => {
    const { LEASES } = await worker.getWorker<{ LEASES: KvNamespace }>().getEnv();
    const { keys } = await LEASES.list();
    const entries = await Promise.all(
      keys.map(async ({ name }) => name + (await LEASES.get(name))),
    );

    expect(entries.length).toBeGreaterThan(0);
    for (const secret of [KEY, OTHER_KEY, PROVIDER_KEY])
      expect(entries.join()).not.toContain(secret);
  });

  it("has logged no secret and nothing that anybody said", () => {
    const logs = JSON.stringify(worker.getLogs());

    expect(logs).toContain("begin_turn_failed");
    for (const secret of [
      KEY,
      PROVIDER_KEY,
      DATABASE_SECRET,
      LOCAL_SECRET,
      WORDS,
      "Database away",
    ]) {
      expect(logs).not.toContain(secret);
    }
  });
});

/** The part of Workers KV that this test looks at. */
type KvNamespace = {
  readonly list: () => Promise<{ keys: { name: string }[] }>;
  readonly get: (name: string) => Promise<string | null>;
};

const EVENT_STREAM = { "content-type": "text/event-stream" };

const COMPLETION = {
  id: "chatcmpl-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
};

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  const pieces: string[] = [];
  response.on("data", (piece: string) => pieces.push(piece));
  await once(response, "close");
  return pieces.join("");
}

/** One event after the other, as a model thinks of them: only a later write finds the client gone. */
async function trickle(response: ServerResponse, events: readonly string[]): Promise<void> {
  for (const event of events) {
    if (response.closed) return;
    response.write(event);
    await setTimeout(5);
  }
}

/** What the database answers on a quiet day. */
function quietAnswer({ name, args: { turn } }: Call, openedAs: object): unknown {
  const session_id = turn?.session_id ?? turn?.session_seed;
  switch (name) {
    case "open_memory_key":
      return openedKey({ read_at: new Date().toISOString(), embedding: "words", ...openedAs });
    case "begin_turn":
      return {
        turn_id: turn?.turn_id,
        is_same: false,
        block: null,
        block_memories: [],
        session_id,
        now: new Date().toISOString(),
        recall: { memories_total: 0, candidates: [] },
      };
    case "complete_turn":
      return { is_stored: true, turn_id: turn?.turn_id, tokens_stored: 1, session_id };
    case "database_time":
      return new Date().toISOString();
    case "sweep_turns":
      return 0;
    case "keys_awaiting_vectors":
      return [];
    default:
      return null;
  }
}

/** The worker as it is deployed, in workerd, between a provider and a database that tests script. */

import { request as httpRequest } from "node:http";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestHarness, createTestHarness } from "wrangler";

import { KEY, LOCAL_SECRET, TEST_ENV, eventsOf, openedKey } from "./fakes.ts";
import { type Handler, type ScriptedServer, scriptedServer, signal } from "./scripted-server.ts";

type Call = { readonly name: string; readonly args: Record<string, never> };

describe("the worker in workerd", () => {
  let provider: ScriptedServer;
  let database: ScriptedServer;
  let worker: TestHarness;
  let url: URL;

  let answerAs: Handler = () => {};
  /** Status and body for a call of the database; undefined leaves it to the quiet default. */
  let onCall: (call: Call) => { status: number; body: unknown } | undefined = () => undefined;
  let calls: Call[] = [];
  let called: { readonly name: string; readonly resolve: (call: Call) => void }[] = [];

  const callOf = (name: string): Promise<Call> => {
    const known = calls.find((call) => call.name === name);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => called.push({ name, resolve }));
  };

  beforeAll(async () => {
    provider = await scriptedServer((request, response) => answerAs(request, response));
    database = await scriptedServer(({ path, body }, response) => {
      const call = { name: path.split("/").at(-1) ?? "", args: JSON.parse(body || "{}") };
      const { status, body: answer } = onCall(call) ?? { status: 200, body: quietAnswer(call) };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
      if (status !== 200) return;
      calls.push(call);
      for (const waiting of called) if (waiting.name === call.name) waiting.resolve(call);
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
    onCall = () => undefined;
    calls = [];
    called = [];
  });

  afterAll(async () => {
    await worker.close();
    await provider[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const ask = (body: object = {}) => {
    const sent = httpRequest(new URL("/v1/chat/completions", url), {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    });
    sent.end(
      JSON.stringify({
        model: "gpt-4o",
        messages: [{ role: "user", content: "Hi there" }],
        ...body,
      }),
    );
    return sent;
  };

  it("answers health checks", async () => {
    const answer = await fetch(new URL("/health", url));

    expect(await answer.json()).toMatchObject({ status: "ok" });
  });

  it("hands on the first event before the provider has sent the second", async () => {
    const [first = "", ...rest] = eventsOf("one", "two");
    const goOn = signal();
    answerAs = async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(first);
      await goOn.promise;
      response.end(rest.join(""));
    };

    const received = signal<string>();
    const whole = signal<string>();
    ask({ stream: true }).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
        received.resolve(text);
      });
      response.on("end", () => whole.resolve(text));
    });

    expect(await received.promise).toBe(first);
    goOn.resolve();
    expect(await whole.promise).toBe([first, ...rest].join(""));
    await callOf("complete_turn");
  });

  it("remembers the whole answer of a client that hung up after the third of twenty events", async () => {
    const words = Array.from({ length: 20 }, (_, index) => `word${index} `);
    const events = eventsOf(...words);
    const hungUp = signal();
    answerAs = async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events.slice(0, 3)) response.write(event);
      await hungUp.promise;
      for (const event of events.slice(3)) response.write(event);
      response.end();
    };

    const sent = ask({ stream: true });
    sent.on("error", () => {});
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("error", () => {});
      response.on("data", (piece: string) => {
        text += piece;
        if (!text.includes("word2")) return;
        response.destroy();
        hungUp.resolve();
      });
    });

    const { args } = await callOf("complete_turn");
    expect(args).toMatchObject({ step: { answer: words.join(""), finish: "complete" } });
  });
});

/** What the database answers on a quiet day. */
function quietAnswer({ name, args }: Call): unknown {
  const { turn } = args as {
    turn?: { turn_id: string; session_id: string | null; session_seed: string };
  };
  const session_id = turn?.session_id ?? turn?.session_seed;
  switch (name) {
    case "open_memory_key":
      return openedKey({ read_at: new Date().toISOString(), embedding: "words" });
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
    default:
      return null;
  }
}

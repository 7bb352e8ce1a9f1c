import { readdirSync, readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { listenToChat } from "../dialects/chat-listener.ts";
import type { Heard } from "../dialects/dialect.ts";
import { listenToMessage } from "../dialects/message-listener.ts";
import { listenToResponse } from "../dialects/response-listener.ts";
import { type Ending, relay, type RelayOptions } from "./relay.ts";
import { relayWhole } from "./relay-whole.ts";

const encoder = new TextEncoder();
const FIXTURES = new URL("../providers/__fixtures__/", import.meta.url);
const LISTENERS = [
  ["chat-", listenToChat],
  ["message-", listenToMessage],
  ["response-", listenToResponse],
] as const;
const STREAMS = LISTENERS.flatMap(([prefix, listen]) =>
  readdirSync(FIXTURES)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".sse"))
    .map((name) => [name, listen] as const),
);

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FIXTURES)));
}

const HELLO = ["Hel", "lo", " you"].map((content) => event({ content }));
const DONE = encoder.encode("data: [DONE]\n\n");

function event(delta: object): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
}

/** Timers that ring when a test says so. */
function createClock() {
  const timers = new Set<{ readonly ring: () => void; readonly delayMs: number }>();
  return {
    setTimer: (ring: () => void, delayMs: number) => {
      const timer = { ring, delayMs };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    /** Rings everything that waits for no longer than this. */
    pass: async (ms: number) => {
      for (const timer of Array.from(timers)) {
        if (timer.delayMs > ms) continue;
        timers.delete(timer);
        timer.ring();
      }
      await settled();
    },
    waiting: () => Array.from(timers, ({ delayMs }) => delayMs),
  };
}

/** Lets everything that is ready to happen, happen. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

/** A provider whose answer a test gives piece by piece. */
function createUpstream(status = 200) {
  let cancelled = false;
  let pulls = 0;
  const { promise, resolve: start } = Promise.withResolvers<ReadableStreamDefaultController>();
  const body = new ReadableStream<Uint8Array>(
    {
      start,
      pull: () => void pulls++,
      cancel: () => {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return {
    answer: new Response(body, { status }),
    say: async (...chunks: readonly Uint8Array[]) => {
      const controller = await promise;
      for (const chunk of chunks) {
        controller.enqueue(chunk);
        await settled();
      }
    },
    end: async () => {
      (await promise).close();
      await settled();
    },
    break: async (cause = new Error("connection reset")) => {
      (await promise).error(cause);
      await settled();
    },
    isCancelled: () => cancelled,
    pulls: () => pulls,
  };
}

const IDLE_MS = 600_000;
const DRAIN_MS = 25_000;

function relaying(answer: Response, overrides: Partial<RelayOptions> = {}) {
  const work: Promise<unknown>[] = [];
  const endings: { heard: Heard; ending: Ending }[] = [];
  const clock = createClock();
  const abortUpstream = vi.fn<() => void>();
  const options: RelayOptions = {
    answer,
    headers: new Headers(answer.headers),
    listener: listenToChat(),
    onDisconnect: "drain",
    drainLimitMs: DRAIN_MS,
    idleLimitMs: IDLE_MS,
    waitUntil: (promise) => void work.push(promise),
    abortUpstream,
    onEnd: async (heard, ending) => {
      endings.push({ heard, ending });
    },
    setTimer: clock.setTimer,
    ...overrides,
  };
  return { options, clock, endings, abortUpstream, finished: () => Promise.all(work) };
}

/** What a client gets of a body, and whether it ended well. */
async function received(body: ReadableStream<Uint8Array> | null) {
  const chunks: Uint8Array[] = [];
  const bytes = () => Uint8Array.from(chunks.flatMap((chunk) => Array.from(chunk)));
  const reader = (body ?? new Blob([]).stream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes: bytes(), isWhole: true };
      chunks.push(value);
    }
  } catch {
    return { bytes: bytes(), isWhole: false };
  }
}

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.slice(index * size, (index + 1) * size));
}

describe("relay", () => {
  it.each(STREAMS)(
    "hands on every byte of %s and tells once what it said",
    async (name, listen) => {
      for (const size of [1, 7, 1000, 100_000]) {
        const body = new Blob([fixture(name)]).stream();
        const pieces = inPieces(fixture(name), size);
        const source = new Response(size > 1000 ? body : ReadableStream.from(pieces));
        const { options, endings, finished } = relaying(source, { listener: listen() });

        const got = await received(relay(options).body);
        await finished();

        expect(got).toEqual({ bytes: fixture(name), isWhole: true });
        expect(endings).toHaveLength(1);
        const listener = listen();
        listener.hear(fixture(name));
        expect(endings[0]).toEqual({ heard: listener.end(), ending: "complete" });
      }
    },
  );

  it("hands on bytes that are nothing at all", async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { maxLength: 10 }),
        fc.boolean(),
        async (chunks, holdEnd) => {
          const answer = new Response(ReadableStream.from(chunks));
          const { options, endings, finished } = relaying(answer, { holdEnd });
          const got = await received(relay(options).body);
          await finished();
          expect(Buffer.compare(got.bytes, Buffer.concat(chunks))).toBe(0);
          expect(endings).toHaveLength(1);
        },
      ),
    );
  });

  it("keeps the status, whatever it is, and the headers it is given", async () => {
    const answer = new Response("{}", { status: 429, statusText: "Too Many Requests" });
    const { options, finished } = relaying(answer, {
      headers: new Headers({ "x-memory-status": "hit" }),
    });

    const response = relay(options);

    expect(response.status).toBe(429);
    expect(response.statusText).toBe("Too Many Requests");
    expect([...response.headers]).toEqual([["x-memory-status", "hit"]]);
    expect(await response.text()).toBe("{}");
    await finished();
  });

  it.each([204, 304])("answers %d without a body and tells that it is over", async (status) => {
    const { options, endings, finished } = relaying(new Response(null, { status }));
    const response = relay(options);
    await finished();
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
    expect(endings).toMatchObject([{ ending: "complete", heard: { text: "" } }]);
  });

  it("hands on an empty body as an empty body", async () => {
    const { options, endings, finished } = relaying(new Response(""));
    expect(await received(relay(options).body)).toEqual({ bytes: new Uint8Array(), isWhole: true });
    await finished();
    expect(endings).toHaveLength(1);
  });

  it("hands each chunk on as it comes", async () => {
    const upstream = createUpstream();
    const { options, finished } = relaying(upstream.answer);
    const reader = relay(options).body?.getReader();

    for (const chunk of HELLO) {
      const [, read] = await Promise.all([upstream.say(chunk), reader?.read()]);
      expect(read?.value).toEqual(chunk);
    }
    await Promise.all([upstream.end(), reader?.read()]);
    await finished();
  });

  it("reads no faster than its client", async () => {
    const upstream = createUpstream();
    const { options, finished } = relaying(upstream.answer);
    const body = relay(options).body;
    await upstream.say(...HELLO, DONE);
    expect(upstream.pulls()).toBeLessThanOrEqual(2);

    const [got] = await Promise.all([received(body), upstream.end()]);
    expect(got.isWhole).toBe(true);
    await finished();
  });
});

describe("an answer that breaks", () => {
  it.each(STREAMS)(
    "breaks %s off for the client at the same byte, and adds nothing",
    async (name) => {
      const whole = fixture(name);
      for (let length = 0; length < whole.length; length += name === "chat-plain.sse" ? 1 : 29) {
        const upstream = createUpstream();
        const { options, endings, finished } = relaying(upstream.answer);
        const got = received(relay(options).body);
        await upstream.say(whole.slice(0, length));
        await upstream.break();
        await finished();

        expect(await got).toEqual({ bytes: whole.slice(0, length), isWhole: false });
        expect(endings.map(({ ending }) => ending)).toEqual(["truncated"]);
      }
    },
  );

  it("ends quietly where the provider ended quietly without saying that this was all", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer);
    const got = received(relay(options).body);
    await upstream.say(...HELLO);
    await upstream.end();
    await finished();

    expect((await got).isWhole).toBe(true);
    expect(endings).toMatchObject([{ ending: "truncated", heard: { text: "Hello you" } }]);
  });

  it("is over for a provider that says nothing for too long", async () => {
    const upstream = createUpstream();
    const { options, endings, clock, abortUpstream, finished } = relaying(upstream.answer);
    const got = received(relay(options).body);
    await upstream.say(...HELLO);
    await clock.pass(IDLE_MS);
    await finished();

    expect((await got).isWhole).toBe(false);
    expect(endings).toMatchObject([{ ending: "stalled", heard: { text: "Hello you" } }]);
    expect(abortUpstream).toHaveBeenCalledOnce();
    expect(clock.waiting()).toEqual([]);
  });

  it("waits as long as a reasoning model thinks, chunk by chunk", async () => {
    const upstream = createUpstream();
    const { options, endings, clock, finished } = relaying(upstream.answer);
    const got = received(relay(options).body);
    for (const chunk of [...HELLO, DONE]) {
      await clock.pass(IDLE_MS - 1);
      await upstream.say(chunk);
    }
    await upstream.end();
    await finished();
    expect((await got).isWhole).toBe(true);
    expect(endings).toMatchObject([{ ending: "complete" }]);
  });

  it("leaves no timer behind", async () => {
    const { options, clock, finished } = relaying(new Response(ReadableStream.from(HELLO)));
    await received(relay(options).body);
    await finished();
    expect(clock.waiting()).toEqual([]);
  });
});

describe("a client that leaves", () => {
  const ALL = [...HELLO, DONE];

  it.each([0, 1, 2, 3, 4])("after %d events loses nothing of what is remembered", async (count) => {
    const upstream = createUpstream();
    const { options, endings, clock, abortUpstream, finished } = relaying(upstream.answer);
    const reader = relay(options).body?.getReader();
    for (const chunk of ALL.slice(0, count)) {
      await Promise.all([upstream.say(chunk), reader?.read()]);
    }
    await reader?.cancel();
    await settled();
    await upstream.say(...ALL.slice(count));
    await upstream.end();
    await finished();

    expect(endings).toMatchObject([{ ending: "complete", heard: { text: "Hello you" } }]);
    expect(abortUpstream).not.toHaveBeenCalled();
    expect(clock.waiting()).toEqual([]);
  });

  it("while a chunk waits for it loses nothing either", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer);
    const body = relay(options).body;
    await upstream.say(...HELLO);
    await body?.cancel();
    await upstream.say(DONE);
    await upstream.end();
    await finished();
    expect(endings).toMatchObject([{ ending: "complete", heard: { text: "Hello you" } }]);
  });

  it("is waited for until the drain limit, and what came is told", async () => {
    const upstream = createUpstream();
    const { options, endings, clock, abortUpstream, finished } = relaying(upstream.answer);
    const body = relay(options).body;
    await upstream.say(...HELLO.slice(0, 1));
    await body?.cancel();
    await upstream.say(...HELLO.slice(1));
    expect(endings).toEqual([]);
    await clock.pass(DRAIN_MS);
    await finished();

    expect(endings).toMatchObject([{ ending: "disconnected", heard: { text: "Hello you" } }]);
    expect(abortUpstream).toHaveBeenCalledOnce();
    expect(upstream.isCancelled()).toBe(true);
    expect(clock.waiting()).toEqual([]);
  });

  it("stops the provider at once where its key says so", async () => {
    const upstream = createUpstream();
    const { options, endings, abortUpstream, finished } = relaying(upstream.answer, {
      onDisconnect: "stop",
    });
    const reader = relay(options).body?.getReader();
    await Promise.all([
      upstream.say(...HELLO.slice(0, 2)),
      reader?.read().then(() => reader.read()),
    ]);
    await reader?.cancel();
    await settled();
    await finished();

    expect(endings).toMatchObject([{ ending: "stopped", heard: { text: "Hello" } }]);
    expect(abortUpstream).toHaveBeenCalledOnce();
    expect(upstream.isCancelled()).toBe(true);
  });

  it("is noticed by the platform's signal while the provider is silent", async () => {
    const leaving = new AbortController();
    const upstream = createUpstream();
    const { options, endings, clock, finished } = relaying(upstream.answer, {
      clientSignal: leaving.signal,
    });
    const got = received(relay(options).body);
    await upstream.say(...HELLO);
    leaving.abort();
    await clock.pass(DRAIN_MS);
    await finished();
    await got;
    expect(endings).toMatchObject([{ ending: "disconnected" }]);
  });

  it("and was gone before the answer began is drained as well", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer, {
      clientSignal: AbortSignal.abort(),
    });
    relay(options);
    await upstream.say(...HELLO, DONE);
    await upstream.end();
    await finished();
    expect(endings).toMatchObject([{ ending: "complete", heard: { text: "Hello you" } }]);
  });

  it("and whose answer breaks afterwards is told what came", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer);
    await relay(options).body?.cancel();
    await upstream.say(...HELLO);
    await upstream.break();
    await finished();
    expect(endings).toMatchObject([{ ending: "truncated", heard: { text: "Hello you" } }]);
  });

  it("counts as gone when it stays without reading", async () => {
    const upstream = createUpstream();
    const { options, endings, clock, finished } = relaying(upstream.answer);
    relay(options);
    await upstream.say(...HELLO);
    await clock.pass(IDLE_MS);
    await upstream.say(DONE);
    await upstream.end();
    await finished();
    expect(endings).toMatchObject([{ ending: "complete", heard: { text: "Hello you" } }]);
    expect(clock.waiting()).toEqual([]);
  });

  it("holds nothing up when it never reads the end", async () => {
    const upstream = createUpstream();
    const { options, endings, clock, finished } = relaying(upstream.answer);
    const reader = relay(options).body?.getReader();
    await Promise.all([upstream.say(DONE), reader?.read()]);
    await upstream.end();
    expect(endings).toMatchObject([{ ending: "complete" }]);
    await clock.pass(IDLE_MS);
    await finished();
  });
});

describe("an end that is held", () => {
  it("comes only when the turn is safe", async () => {
    const stored = Promise.withResolvers<void>();
    const { options, finished } = relaying(new Response(ReadableStream.from([...HELLO, DONE])), {
      holdEnd: true,
      onEnd: () => stored.promise,
    });
    const reader = relay(options).body?.getReader();
    for (const chunk of HELLO) expect((await reader?.read())?.value).toEqual(chunk);

    const last = reader?.read();
    const early = await Promise.race([last, settled().then(() => "nothing yet")]);
    expect(early).toBe("nothing yet");
    stored.resolve();

    expect((await last)?.value).toEqual(DONE);
    expect((await reader?.read())?.done).toBe(true);
    await finished();
  });

  it("is held though it comes in two pieces or without a line end", async () => {
    for (const cut of [7, 12, 13]) {
      const stored = Promise.withResolvers<void>();
      const pieces = [...HELLO, DONE.slice(0, cut), ...(cut < 12 ? [DONE.slice(cut)] : [])];
      const { options, finished } = relaying(new Response(ReadableStream.from(pieces)), {
        holdEnd: true,
        onEnd: () => stored.promise,
      });
      const got = received(relay(options).body);
      const early = await Promise.race([got, settled().then(() => "open")]);
      expect(early).toBe("open");
      stored.resolve();
      expect((await got).isWhole).toBe(true);
      await finished();
    }
  });

  it("never comes when the turn could not be stored", async () => {
    const { options, finished } = relaying(new Response(ReadableStream.from([...HELLO, DONE])), {
      holdEnd: true,
      onEnd: () => Promise.reject(new Error("database is away")),
    });
    const got = await received(relay(options).body);
    expect(got.isWhole).toBe(false);
    expect(new TextDecoder().decode(got.bytes)).not.toContain("[DONE]");
    await expect(finished()).rejects.toThrow("database is away");
  });

  it("is given up when it is no end at all", async () => {
    const more = inPieces(new Uint8Array(3 * 1024 * 1024).fill(0x3a), 65_536);
    const { options, finished } = relaying(new Response(ReadableStream.from([DONE, ...more])), {
      holdEnd: true,
    });
    const got = await received(relay(options).body);
    await finished();
    expect(got.bytes).toHaveLength(DONE.length + 3 * 1024 * 1024);
  });

  it("breaks where the provider broke it", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer, { holdEnd: true });
    const got = received(relay(options).body);
    await upstream.say(...HELLO);
    await upstream.break();
    await finished();
    expect((await got).isWhole).toBe(false);
    expect(endings).toMatchObject([{ ending: "truncated" }]);
  });
});

describe("an answer that is kept under a name", () => {
  const STREAM = fixture("response-plain.sse");
  const WHOLE = fixture("response-plain.json");
  const ID = "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b";
  const events = new TextDecoder()
    .decode(STREAM)
    .split(/(?<=\n\n)/)
    .map((each) => encoder.encode(each));

  /** Relays it to somebody who takes note of names when the test says so. */
  function naming(chunks: readonly Uint8Array[], overrides: Partial<RelayOptions> = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onResponseId = vi.fn<(id: string) => Promise<void>>(() => promise);
    const relayed = relaying(new Response(ReadableStream.from(chunks)), {
      listener: listenToResponse(),
      onResponseId,
      ...overrides,
    });
    return { ...relayed, onResponseId, note: resolve, fail: reject };
  }

  it.each([
    ["a stream, event by event", STREAM, events],
    ["a stream in one piece", STREAM, [STREAM]],
    ["a stream, byte by byte", STREAM, inPieces(STREAM, 1)],
    ["a body in one piece", WHOLE, [WHOLE]],
    ["a body in many", WHOLE, inPieces(WHOLE, 100)],
  ])("does not end before the name is noted: %s", async (_, bytes, chunks) => {
    const { options, onResponseId, note, finished } = naming(chunks);
    const got = received(relay(options).body);

    const early = await Promise.race([got, settled().then(() => "open")]);
    expect(early).toBe("open");
    note();

    expect(await got).toEqual({ bytes, isWhole: true });
    await finished();
    expect(onResponseId.mock.calls).toEqual([[ID]]);
  });

  it("is handed on event by event while the name is being noted", async () => {
    const { options, note, finished } = naming(events);
    const reader = relay(options).body?.getReader();
    for (const event of events.slice(0, -1)) {
      expect((await reader?.read())?.value).toEqual(event);
    }

    const last = reader?.read();
    expect(await Promise.race([last, settled().then(() => "nothing yet")])).toBe("nothing yet");
    note();

    expect((await last)?.value).toEqual(events.at(-1));
    expect((await reader?.read())?.done).toBe(true);
    await finished();
  });

  it("ends all the same when its name cannot be noted", async () => {
    const { options, fail, finished } = naming(events);
    const got = received(relay(options).body);
    fail(new Error("database is away"));
    expect(await got).toEqual({ bytes: STREAM, isWhole: true });
    await finished();
  });

  it("ends all the same when it never says its name", async () => {
    const nameless = [encoder.encode('{"output":'), encoder.encode("[]}")];
    const { options, onResponseId, finished } = naming(nameless);
    const got = await received(relay(options).body);
    await finished();
    expect(new TextDecoder().decode(got.bytes)).toBe('{"output":[]}');
    expect(onResponseId).not.toHaveBeenCalled();
  });

  it("has its name noted though its client has left", async () => {
    const { options, onResponseId, note, finished } = naming(events);
    const { body } = relay(options);
    await body?.cancel();
    note();
    await finished();
    expect(onResponseId.mock.calls).toEqual([[ID]]);
  });

  it("has its name noted though it breaks off", async () => {
    const upstream = createUpstream();
    const { options, onResponseId, note, finished } = naming([], { answer: upstream.answer });
    const got = received(relay(options).body);
    await upstream.say(...events.slice(0, 3));
    await upstream.break();
    note();
    await finished();
    expect((await got).isWhole).toBe(false);
    expect(onResponseId.mock.calls).toEqual([[ID]]);
  });

  it("has its name noted before it is handed on in one piece", async () => {
    const { options, onResponseId, note, finished } = naming(inPieces(WHOLE, 100));
    const answering = relayWhole(options);
    expect(await Promise.race([answering, settled().then(() => "nothing yet")])).toBe(
      "nothing yet",
    );
    note();
    expect(await received((await answering).body)).toEqual({ bytes: WHOLE, isWhole: true });
    await finished();
    expect(onResponseId.mock.calls).toEqual([[ID]]);
  });
});

describe("relayWhole", () => {
  const BODY = fixture("chat-plain.json");

  it("lets the headers say what became of the turn, and hands the body on unchanged", async () => {
    const headers = new Headers();
    const { options, finished } = relaying(new Response(ReadableStream.from(inPieces(BODY, 50))), {
      headers,
      onEnd: async ({ finish }, ending) => headers.set("x-memory-stored", `${ending} ${finish}`),
    });
    const response = await relayWhole(options);
    expect(response.headers.get("x-memory-stored")).toBe("complete stop");
    expect(await received(response.body)).toEqual({ bytes: BODY, isWhole: true });
    await finished();
  });

  it("hands the body on when the turn could not be stored, and promises nothing", async () => {
    const { options, finished } = relaying(new Response(new Blob([BODY])), {
      onEnd: () => Promise.reject(new Error("database is away")),
    });
    const response = await relayWhole(options);
    expect(await received(response.body)).toEqual({ bytes: BODY, isWhole: true });
    await expect(finished()).rejects.toThrow("database is away");
  });

  it("breaks off where the provider broke off", async () => {
    const upstream = createUpstream();
    const { options, endings, finished } = relaying(upstream.answer);
    const response = relayWhole(options);
    await upstream.say(BODY.slice(0, 100));
    await upstream.break();
    const got = await received((await response).body);
    await finished();
    expect(got).toEqual({ bytes: BODY.slice(0, 100), isWhole: false });
    expect(endings).toMatchObject([{ ending: "truncated", heard: { text: "" } }]);
  });

  it("streams what is too long to hold, in order, and tells at its end", async () => {
    const long = inPieces(
      new Uint8Array(9 * 1024 * 1024).map((_, index) => index % 251),
      300_000,
    );
    const { options, endings, finished } = relaying(new Response(ReadableStream.from(long)));
    const response = await relayWhole(options);
    expect(endings).toEqual([]);
    const got = await new Response(response.body).bytes();
    await finished();
    expect(Buffer.compare(got, Buffer.concat(long))).toBe(0);
    expect(endings).toHaveLength(1);
  });

  it("answers without a body where there is none", async () => {
    const { options, endings } = relaying(new Response(null, { status: 204 }));
    const response = await relayWhole(options);
    expect(response.status).toBe(204);
    expect(endings).toMatchObject([{ ending: "complete" }]);
  });

  it("reads on for a client that has left", async () => {
    const leaving = new AbortController();
    const upstream = createUpstream();
    const { options, endings } = relaying(upstream.answer, { clientSignal: leaving.signal });
    const response = relayWhole(options);
    await upstream.say(BODY.slice(0, 100));
    leaving.abort();
    await upstream.say(BODY.slice(100));
    await upstream.end();
    await response;
    expect(endings).toMatchObject([{ ending: "complete", heard: { finish: "stop" } }]);
  });
});

describe("a thousand clients that leave at random", () => {
  it("lose no turn, and each ends exactly once", async () => {
    const stream = fixture("chat-plain.sse");
    for (let round = 0; round < 1000; round++) {
      const size = 1 + ((round * 7919) % 400);
      const pieces = inPieces(stream, size);
      const { options, endings, finished } = relaying(new Response(ReadableStream.from(pieces)));
      const reader = relay(options).body?.getReader();
      const reads = (round * 104_729) % (pieces.length + 1);
      for (let count = 0; count < reads; count++) await reader?.read();
      await reader?.cancel();
      await finished();
      expect(endings.map(({ ending, heard }) => [ending, heard.finish])).toEqual([
        ["complete", "stop"],
      ]);
    }
  });
});

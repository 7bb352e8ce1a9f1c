/**
 * Stand-ins for everything outside the worker.
 *
 * Each test overrides what its sentence is about. The rest is a quiet, healthy day: one key that
 * opens an empty vault, a provider that says hello, a clock that stands still.
 */

import { afterEach, beforeEach, vi } from "vitest";

import { createApp } from "../src/app.ts";
import { type Config, readConfig } from "../src/config.ts";
import { type Outside, createServices } from "../src/create-services.ts";
import { DatabaseFailure } from "../src/database/client.ts";
import type { Database } from "../src/database/database.ts";
import type { Begun } from "../src/database/turns.ts";
import { checksum } from "../src/keys/parse-key.ts";
import type { Candidate } from "../src/recall/candidate.ts";
import type { Services } from "../src/services.ts";
import type { QueueMessage } from "../src/turns/queue-message.ts";
import type { Turn } from "../src/turns/turn.ts";
import { type Clock, NOON, createClock } from "./clock.ts";

export const KEY = memoryKey("A");
export const OTHER_KEY = memoryKey("B");
export const KEY_ID = "0193a000-0000-7000-8000-000000000001";
const USER_ID = "0193a000-0000-7000-8000-000000000002";
export const PROVIDER_KEY = "sk-proj-stored-openai-key";
export const LOCAL_SECRET = "local-secret-of-the-stack";
export const DATABASE_SECRET = "sb_secret_of_the_test";

const SECRETS = [KEY, OTHER_KEY, PROVIDER_KEY, LOCAL_SECRET, DATABASE_SECRET];

/** What the user says when nothing else is said. */
export const WORDS = "Hi there, I am Ada";

/** The lines that were logged in this test. */
const logged: string[] = [];

beforeEach(() => {
  logged.length = 0;
  for (const stream of ["log", "error"] as const) {
    vi.spyOn(console, stream).mockImplementation((line: string) => void logged.push(line));
  }
});

/** Holds for every test: what operators read never holds a secret, nor what anybody said. */
afterEach(() => {
  for (const secret of [...SECRETS, WORDS]) {
    const leak = logged.find((line) => line.includes(secret));
    if (leak !== undefined) throw new Error(`A log line holds ${secret}: ${leak}`);
  }
});

/** A well-formed key, the same for the same letter. */
function memoryKey(letter: string): string {
  const body = `mk_${letter.repeat(43)}`;
  return body + checksum(body);
}

export const TEST_ENV = {
  ENVIRONMENT: "local",
  SUPABASE_URL: "http://database.test",
  SUPABASE_SECRET_KEY: DATABASE_SECRET,
  SEALING_KEYS: JSON.stringify({ current: "k1", keys: { k1: btoa("0123456789abcdef".repeat(2)) } }),
  EMBEDDINGS_URL: "http://embedder.test/v1",
  EMBEDDINGS_MODEL: "use-lite-512",
  EMBEDDINGS_API_KEY: "none",
  DASHBOARD_ORIGINS: "https://app.memoryrouter.ai,http://localhost:5173",
  LOCAL_SECRET,
};

/** What `open_memory_key` answers for a key on a quiet day. */
export function openedKey(overrides: object = {}): object {
  return {
    memory_key_id: KEY_ID,
    user_id: USER_ID,
    mode: "on",
    may_mint: true,
    on_disconnect: "drain",
    embedding: "hosted",
    token_cap: null,
    tokens_stored_this_month: 0,
    is_memory_read_only: false,
    expires_at: null,
    read_at: new Date(NOON).toISOString(),
    provider_keys: [{ id: "1", provider: "openai", secret: PROVIDER_KEY }],
    ...overrides,
  };
}

/** A memory as the database hands it over for a question. */
export function candidate(content: string, overrides: Partial<Candidate> = {}): Candidate {
  return {
    id: `memory-${content.length}`,
    part: 0,
    sessionId: "earlier",
    sessionNumber: 1,
    position: 0,
    role: "user",
    name: null,
    content,
    chars: content.length,
    tokenCount: 10,
    createdAt: new Date(NOON - 86_400_000),
    turnId: null,
    bm25Turn: 5,
    bm25Window: 5,
    bm25Session: 5,
    cosTurn: 0.9,
    cosWindow: 0.9,
    ...overrides,
  };
}

export const matching = (...candidates: Candidate[]) => ({
  memoriesTotal: candidates.length,
  candidates,
});

/** A turn as the database takes it in when it is new. */
export function begun(turn: Turn, overrides: Partial<Begun> = {}): Begun {
  return {
    turnId: turn.turn_id,
    isSame: false,
    block: null,
    blockMemoryCount: 0,
    sessionId: turn.session_id ?? turn.session_seed,
    now: new Date(NOON),
    matches: matching(),
    ...overrides,
  };
}

function fakeDatabase(overrides: Partial<Database> = {}): Database {
  return {
    openMemoryKey: async () => openedKey(),
    mintMemoryKey: async () => ({
      id: KEY_ID,
      key: OTHER_KEY,
      name: "Minted key",
      created_at: new Date(NOON).toISOString(),
    }),
    beginTurn: async (_key, turn) => begun(turn),
    journalBlock: async () => {},
    completeTurn: async (_key, turn) => ({
      isStored: true,
      turnId: turn.turn_id,
      sessionId: turn.session_id ?? turn.session_seed,
    }),
    receiveTurnPiece: async () => {},
    sweepTurns: async () => 0,
    recordResponse: async () => {},
    findResponse: async () => null,
    recallMemories: async () => matching(),
    storeMemories: async (_key, memories) => ({
      stored: memories.length,
      duplicates: 0,
      tokens: 0,
    }),
    memoryStats: async () => ({ memories: 0, tokens: 0, sessions: 0, waiting_for_vectors: 0 }),
    pendingVectors: async () => [],
    storeVectors: async () => 0,
    keysAwaitingVectors: async () => [],
    databaseTime: async () => new Date(NOON).toISOString(),
    ...overrides,
  };
}

export const databaseIsDown = () => Promise.reject(new DatabaseFailure("call", 0, ""));

/** Workers KV that remembers everything it was told. */
export function fakeLeases() {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (name: string) => entries.get(name) ?? null,
    put: async (name: string, value: string) => void entries.set(name, value),
    delete: async (name: string) => void entries.delete(name),
  };
}

/** A queue that keeps what it is sent. */
export function fakeQueue() {
  const messages: QueueMessage[] = [];
  return { messages, send: async (message: QueueMessage) => void messages.push(message) };
}

type Overrides = Omit<Partial<Outside>, "database"> & {
  readonly database?: Partial<Database>;
  readonly env?: object;
  readonly clock?: Clock;
};

export function fakeServices({
  database,
  env,
  clock = createClock(),
  ...outside
}: Overrides = {}): Services {
  const config: Config = readConfig({ ...TEST_ENV, ...env });
  return createServices(config, {
    fetch: async () => answer("Hello"),
    database: fakeDatabase(database),
    embed: async (texts) => texts.map(() => vector()),
    leases: fakeLeases(),
    turns: fakeQueue(),
    now: clock.now,
    random: () => 0,
    setTimer: clock.setTimer,
    ...outside,
  });
}

export const vector = () => Array.from({ length: 512 }, (_, index) => (index === 0 ? 1 : 0));

/** An answer in one piece, as OpenAI sends it. */
export function answer(content: string, overrides: object = {}): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices: [
      { index: 0, message: { role: "assistant", content, refusal: null }, finish_reason: "stop" },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    ...overrides,
  });
}

/** The events of a streamed answer, one per delta, as OpenAI sends them. */
export function eventsOf(...deltas: string[]): string[] {
  const chunks = deltas.map((content, index) =>
    chunkOf([
      {
        index: 0,
        delta: index === 0 ? { role: "assistant", content } : { content },
        finish_reason: null,
      },
    ]),
  );
  const last = chunkOf([{ index: 0, delta: {}, finish_reason: "stop" }]);
  return [...chunks, last, "[DONE]"].map((data) => `data: ${data}\n\n`);
}

const chunkOf = (choices: object[]) =>
  JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "gpt-4o",
    choices,
  });

/** A streamed answer. */
export function streamOf(...deltas: string[]): Response {
  return new Response(eventsOf(...deltas).join(""), {
    headers: { "content-type": "text/event-stream" },
  });
}

/** A provider that remembers how it was asked. */
export function recordingProvider(respond: () => Response = () => answer("Hello")) {
  const requests: {
    method: string;
    url: string;
    headers: Headers;
    body: string;
    redirect: string | undefined;
  }[] = [];
  const fetch: Outside["fetch"] = async (input, init) => {
    const request = new Request(input, { ...init, signal: null });
    requests.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: await request.text(),
      redirect: init?.redirect,
    });
    return respond();
  };
  return { requests, fetch };
}

export type Sent = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: () => unknown;
};

/** Sends a request through the whole app and waits for the work it left behind. */
export async function send(
  services: Services,
  path: string,
  init: RequestInit = {},
): Promise<Sent> {
  const { response, finished } = await open(services, path, init);
  const text = await response.text();
  await finished();
  const { status, headers } = response;
  return { status, headers, text, json: () => JSON.parse(text) as unknown };
}

/** The same for whoever wants to read the answer himself. */
export async function open(services: Services, path: string, init: RequestInit = {}) {
  const work: Promise<unknown>[] = [];
  const response = await createApp(() => services).request(path, init, TEST_BINDINGS, {
    waitUntil: (promise) => void work.push(promise),
    passThroughOnException: () => {},
    props: {},
  });
  const finished = async () => {
    for (let done = 0; done < work.length; done = work.length) await Promise.all(work);
  };
  return { response, finished };
}

/** Bindings are the outside's business: services are made from fakes instead. */
const TEST_BINDINGS = {};

export const HI = { model: "openai/gpt-4o", messages: [{ role: "user", content: WORDS }] };

/** Sends one chat request as the owner of `KEY`. */
export function chat(
  services: Services,
  body: object | string = {},
  headers: Record<string, string> = {},
) {
  return send(services, "/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify({ ...HI, ...body }),
  });
}

import { describe, expect, it, vi } from "vitest";

import type { Database } from "../src/database/database.ts";
import { createClock } from "./clock.ts";
import {
  KEY,
  KEY_ID,
  candidate,
  databaseIsDown,
  fakeServices,
  matching,
  openedKey,
  send,
} from "./fakes.ts";
import type { Services } from "../src/services.ts";

const REX = candidate("My dog is called Rex and he loves long walks.", { id: "rex", name: "Ada" });
const TEA = candidate("I drink green tea every morning before work.", {
  id: "tea",
  position: 7,
  bm25Turn: 1,
  bm25Window: 1,
  cosTurn: 0.5,
  cosWindow: 0.5,
});
const knowing: Partial<Database> = { recallMemories: async () => matching(TEA, REX) };

const post = (services: Services, path: string, body: unknown, key = KEY) =>
  send(services, path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const search = (services: Services, body: unknown, key = KEY) =>
  post(services, "/v1/memory/search", body, key);

type Found = { memories: { id: string }[]; tokens: number; status: string };
const idsOf = (json: unknown) => (json as Found).memories.map(({ id }) => id);

describe("POST /v1/memory/search", () => {
  it("answers with memories, the best first, and why", async () => {
    const { status, json, headers } = await search(fakeServices({ database: knowing }), {
      query: "What is the dog called?",
    });

    expect(status).toBe(200);
    expect(json()).toMatchObject({
      status: "hit",
      memories: [
        {
          id: "rex",
          content: REX.content,
          role: "user",
          name: "Ada",
          session_id: "earlier",
          created_at: "2026-11-21T12:00:00.000Z",
          score: expect.any(Number),
          signals: expect.any(Object),
          tokens: expect.any(Number),
        },
        { id: "tea" },
      ],
    });
    expect(headers.get("x-memory-status")).toBe("hit");
  });

  it("is bounded by a count, by tokens, or by both", async () => {
    const services = fakeServices({ database: knowing });
    const query = "dog";

    expect(idsOf((await search(services, { query, limit: 1 })).json())).toEqual(["rex"]);
    expect(idsOf((await search(services, { query, token_budget: 8000 })).json())).toHaveLength(2);
    expect(idsOf((await search(services, { query, token_budget: 0 })).json())).toEqual([]);
    expect(idsOf((await search(services, { query, limit: 1, token_budget: 8000 })).json())).toEqual(
      ["rex"],
    );
  });

  it("says that there is nothing when there is nothing", async () => {
    const { json } = await search(fakeServices(), { query: "dog" });

    expect(json()).toEqual({ memories: [], tokens: 0, status: "empty" });
  });

  it("asks the vault of its own key", async () => {
    const recallMemories = vi.fn<Database["recallMemories"]>(async () => matching());

    await search(fakeServices({ database: { recallMemories } }), { query: "dog" });

    expect(recallMemories.mock.calls.every(([keyId]) => keyId === KEY_ID)).toBe(true);
  });

  it("waits for a slow embedder longer than a proxied request would", async () => {
    const clock = createClock();
    const embed = () =>
      new Promise<number[][]>((resolve) => {
        clock.setTimer(() => resolve([Array.from({ length: 512 }, () => 1)]), 2_000);
      });

    const { json } = await clock.until(
      search(fakeServices({ clock, embed, database: knowing }), { query: "dog" }),
    );

    expect(json()).toMatchObject({ status: "hit" });
  });

  it("goes by words when the embedder is away, and says so", async () => {
    const embed = () => Promise.reject(new Error("503"));

    const { json } = await search(fakeServices({ embed, database: knowing }), { query: "dog" });

    expect(json()).toMatchObject({ status: "degraded; reason=embedding_failed; rung=lexical" });
  });

  it("asks to come back when the database is away", async () => {
    const { status, headers } = await search(
      fakeServices({ database: { recallMemories: databaseIsDown } }),
      { query: "dog" },
    );

    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
  });

  it.each([
    ["no query", {}, "query"],
    ["an empty query", { query: " " }, "query"],
    ["a query that is no text", { query: 7 }, "query"],
    ["a limit of nothing", { query: "x", limit: 0 }, "limit"],
    ["a limit of 101", { query: "x", limit: 101 }, "limit"],
    ["a budget of 8,001", { query: "x", token_budget: 8001 }, "token_budget"],
    ["a budget that is a text", { query: "x", token_budget: "30" }, "token_budget"],
    ["a date that is none", { query: "x", as_of: "yesterday" }, "as_of"],
    ["a field nobody knows", { query: "x", user_id: "u" }, "user_id"],
    ["a list", [], null],
    ["broken JSON", "{", null],
  ])("refuses %s by name", async (_name, body, param) => {
    const { status, json } = await search(fakeServices(), body);

    expect(status).toBe(400);
    expect(json()).toMatchObject({ error: { code: "invalid_request", param } });
  });

  it.each(["write", "off"])("is not for a key with the suffix :%s", async (suffix) => {
    const { status, json } = await search(fakeServices(), { query: "x" }, `${KEY}:${suffix}`);

    expect(status).toBe(403);
    expect(json()).toMatchObject({ error: { code: "not_permitted" } });
  });

  it.each([
    ["a hundred thousand letters", "a".repeat(100_000)],
    ["a hundred thousand spaces and one letter", `${" ".repeat(100_000)}x`],
    ["emoji", "😀".repeat(50_000)],
    ["half a character", "\ud800"],
    ["SQL", "'; drop table memories; --"],
  ])("answers quickly whatever is asked: %s", async (_name, query) => {
    const startedAtMs = performance.now();

    const { status } = await search(fakeServices({ database: knowing }), { query });

    expect(status).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});

describe("POST /v1/memory/upload", () => {
  const upload = (services: Services, text: string, path = "/v1/memory/upload", key = KEY) =>
    post(services, path, text, key);

  it("stores lines in the vault of its key and tells the counts", async () => {
    const storeMemories = vi.fn<Database["storeMemories"]>(async () => ({
      stored: 1,
      duplicates: 1,
      tokens: 5,
    }));

    const { status, json } = await upload(
      fakeServices({ database: { storeMemories } }),
      '{"content":"a"}\n{"content":"b"}\n{"content":7}\n',
    );

    expect(status).toBe(200);
    expect(json()).toEqual({
      lines: 3,
      stored: 1,
      duplicates: 1,
      failed: 1,
      errors: [{ line: 3, message: expect.stringContaining("content") }],
    });
    expect(storeMemories).toHaveBeenCalledWith(
      KEY_ID,
      [{ content: "a" }, { content: "b" }],
      "upload",
    );
  });

  it("embeds what it stored, behind its answer", async () => {
    const pendingVectors = vi.fn<Database["pendingVectors"]>(async () => []);

    await upload(fakeServices({ database: { pendingVectors } }), '{"content":"a"}');

    expect(pendingVectors).toHaveBeenCalledWith(KEY_ID, expect.any(Number));
  });

  it("only looks on a dry run", async () => {
    const storeMemories = vi.fn<Database["storeMemories"]>();

    const { json } = await upload(
      fakeServices({ database: { storeMemories } }),
      '{"content":"a"}\n{',
      "/v1/memory/upload?dry_run=true",
    );

    expect(json()).toMatchObject({ lines: 2, stored: 1, failed: 1 });
    expect(storeMemories).not.toHaveBeenCalled();
  });

  it("asks to come back when the database is away", async () => {
    const { status, headers } = await upload(
      fakeServices({ database: { storeMemories: databaseIsDown } }),
      '{"content":"a"}',
    );

    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
  });

  it.each([
    ["past due", { is_memory_read_only: true }, 402, "payment_required"],
    ["at its cap", { token_cap: 5, tokens_stored_this_month: 5 }, 402, "cap_reached"],
  ])("is not for a key that is %s", async (_name, key, status, code) => {
    const services = fakeServices({ database: { openMemoryKey: async () => openedKey(key) } });

    const answered = await upload(services, '{"content":"a"}');

    expect(answered.status).toBe(status);
    expect(answered.json()).toMatchObject({ error: { code } });
  });

  it.each(["read", "off"])("is not for a key with the suffix :%s", async (suffix) => {
    const { status } = await upload(fakeServices(), "{}", "/v1/memory/upload", `${KEY}:${suffix}`);

    expect(status).toBe(403);
  });
});

describe("GET /v1/memory/stats", () => {
  it("counts what the vault holds and what still waits for a vector", async () => {
    const stats = { memories: 3, tokens: 40, sessions: 2, waiting_for_vectors: 1 };
    const services = fakeServices({ database: { memoryStats: async () => stats } });

    const { json } = await send(services, "/v1/memory/stats", {
      headers: { authorization: `Bearer ${KEY}` },
    });

    expect(json()).toEqual(stats);
  });
});

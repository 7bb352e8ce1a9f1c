import { describe, expect, it } from "vitest";

import { DATABASE_SECRET, KEY_ID } from "../../test/fakes.ts";
import { STEP, TURN } from "../../test/turns.ts";
import { createDatabaseClient, isFinal, isRefusal, isUnavailable } from "./client.ts";
import { createDatabase } from "./database.ts";

/** A database that gives this answer, and what it was asked. */
function answering(answer: unknown, status = 200) {
  const requests: { url: string; headers: Headers; body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.text();
    requests.push({ url: request.url, headers: request.headers, body: JSON.parse(body || "null") });
    return Response.json(answer, { status });
  };
  return { database: createDatabase(connect(fetch)), requests };
}

const connect = (fetch: typeof globalThis.fetch) =>
  createDatabaseClient({ url: "http://database.test", secretKey: DATABASE_SECRET, fetch });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (failure: unknown) => failure,
  );

const BEGUN = {
  turn_id: TURN.turn_id,
  is_same: true,
  block: "kept",
  block_memories: [{ id: "m1", part: 0 }],
  session_id: "s1",
  now: "2026-11-22T12:00:00.123456+00:00",
  recall: null,
};

describe("the database", () => {
  it("is asked with its own key and nobody's user agent", async () => {
    const { database, requests } = answering("2026-11-22T12:00:00+00:00");

    await database.databaseTime();

    expect(requests[0]?.url).toBe("http://database.test/rest/v1/rpc/database_time");
    expect(requests[0]?.headers.get("apikey")).toBe(DATABASE_SECRET);
    expect(requests[0]?.headers.has("user-agent")).toBe(false);
  });

  it("begins turns", async () => {
    const { database, requests } = answering(BEGUN);

    const begun = await database.beginTurn(KEY_ID, TURN, "What?", 100);

    expect(requests[0]?.body).toEqual({
      memory_key_id: KEY_ID,
      turn: TURN,
      query: "What?",
      max_candidates: 100,
    });
    expect(begun).toEqual({
      turnId: TURN.turn_id,
      isSame: true,
      block: "kept",
      blockMemoryCount: 1,
      sessionId: "s1",
      now: new Date("2026-11-22T12:00:00.123Z"),
      matches: null,
    });
  });

  it("reads the candidates that come along", async () => {
    const recall = { memories_total: 7, candidates: [] };
    const { database } = answering({ ...BEGUN, is_same: false, block: null, recall });

    const { matches } = await database.beginTurn(KEY_ID, TURN, "What?", 100);

    expect(matches).toEqual({ memoriesTotal: 7, candidates: [] });
  });

  it("completes turns", async () => {
    const { database, requests } = answering({
      is_stored: true,
      turn_id: TURN.turn_id,
      tokens_stored: 5,
      session_id: "s1",
    });

    const completed = await database.completeTurn(KEY_ID, TURN, STEP, 1_000);

    expect(requests[0]?.body).toEqual({ memory_key_id: KEY_ID, turn: TURN, step: STEP });
    expect(completed).toEqual({ isStored: true, turnId: TURN.turn_id, sessionId: "s1" });
  });

  it("is asked by words alone where there is no vector", async () => {
    const { database, requests } = answering({ memories_total: 0, candidates: [] });
    const query = { text: "What?", model: 2, maxCandidates: 100 };

    await database.recallMemories(KEY_ID, { ...query, vector: null }, 1_000);
    await database.recallMemories(KEY_ID, { ...query, vector: [0.5, -0.25] }, 1_000);

    expect(requests.map(({ body }) => body)).toMatchObject([
      { query: "What?", embedding: null, model: null },
      { query: "What?", embedding: "[0.5,-0.25]", model: 2 },
    ]);
  });

  it("takes pieces, blocks and vectors in", async () => {
    const piece = { turnId: TURN.turn_id, stepKey: "k", piece: 0, pieces: 2, payload: "{" };
    const { database, requests } = answering(null);
    await database.receiveTurnPiece(KEY_ID, piece, 1_000);
    await database.journalBlock(KEY_ID, TURN.turn_id, { block: null, memories: [], receipt: {} });

    expect(requests.map(({ body }) => body)).toEqual([
      {
        memory_key_id: KEY_ID,
        turn_id: TURN.turn_id,
        step_key: "k",
        piece: 0,
        pieces: 2,
        payload: "{",
      },
      { memory_key_id: KEY_ID, turn_id: TURN.turn_id, block: null, memories: [], receipt: {} },
    ]);
  });

  it("notes responses and finds them", async () => {
    const kept = { provider: "openai", session_id: null, memory_ids: ["m1"], turn_ids: ["t1"] };
    const { database, requests } = answering(kept);
    const response = {
      id: "resp_1",
      provider: "openai",
      turnId: TURN.turn_id,
      sessionId: "s1",
      previousId: null,
    };

    await database.recordResponse(KEY_ID, response, 1_000);
    const found = await database.findResponse(KEY_ID, "resp_1");

    expect(requests.map(({ body }) => body)).toEqual([
      {
        memory_key_id: KEY_ID,
        response_id: "resp_1",
        provider: "openai",
        turn_id: TURN.turn_id,
        session_id: "s1",
        previous_id: null,
      },
      { memory_key_id: KEY_ID, response_id: "resp_1" },
    ]);
    expect(found).toEqual({
      provider: "openai",
      sessionId: null,
      history: { memoryIds: ["m1"], turnIds: ["t1"] },
    });
  });

  it("finds no response that the key did not make", async () => {
    expect(await answering(null).database.findResponse(KEY_ID, "resp_1")).toBeNull();
  });

  it("hands a bigint back as it came", async () => {
    const place = {
      session_number: "9007199254740993",
      position: 1,
      kind: "turn",
      stamp: 1,
      text: "x",
    };
    const { database } = answering([place]);

    expect(await database.pendingVectors(KEY_ID, 10)).toEqual([place]);
  });
});

describe("a failure of the database", () => {
  it.each([500, 502, 503, 504, 429, 408])("with status %i may pass", async (status) => {
    const { database } = answering({ code: "XX000", message: "secret detail" }, status);

    const failure = await failureOf(database.sweepTurns());

    expect(isUnavailable(failure)).toBe(true);
    expect(isFinal(failure)).toBe(false);
  });

  it.each([
    ["a connection that is refused", () => Promise.reject(new TypeError("ECONNREFUSED 10.0.0.1"))],
    [
      "an answer that never comes",
      () => Promise.reject(new DOMException("timed out", "TimeoutError")),
    ],
  ])("that is %s may pass", async (_name, fetch) => {
    const failure = await failureOf(createDatabase(connect(fetch)).sweepTurns());

    expect(isUnavailable(failure)).toBe(true);
    expect(String(failure)).not.toContain("10.0.0.1");
  });

  it("that a function raised on purpose is its last word", async () => {
    const { database } = answering({ code: "PT409", message: "taken" }, 409);

    const failure = await failureOf(database.mintMemoryKey(KEY_ID, {}));

    expect(isFinal(failure)).toBe(true);
    expect(isRefusal(failure, "PT409")).toBe(true);
    expect(isUnavailable(failure)).toBe(false);
  });

  it("of ours, as a wrong secret, is neither", async () => {
    const { database } = answering({ code: "PGRST301", message: "no" }, 401);

    const failure = await failureOf(database.sweepTurns());

    expect([isFinal(failure), isUnavailable(failure)]).toEqual([false, false]);
  });

  it("does not repeat what the database wrote about it", async () => {
    const { database } = answering({ code: "23514", message: "Ada's words", details: "Ada" }, 400);

    expect(String(await failureOf(database.sweepTurns()))).not.toContain("Ada");
  });

  it("is an answer in another shape than agreed, too", async () => {
    const { database } = answering({ swept: "many" });

    await expect(database.sweepTurns()).rejects.toThrow("number");
  });
});

import { describe, expect, it } from "vitest";

import { candidate } from "./__fixtures__/candidate.ts";
import type { Candidate } from "./candidate.ts";
import { type Recency, rank } from "./rank.ts";

const NOW = new Date("2025-09-17T12:00:00Z");

const ranked = (candidates: readonly Candidate[], query = "anything", recency: Recency = "low") =>
  rank(candidates, query, { now: NOW, recency });

const order = (...of: Parameters<typeof ranked>) => ranked(...of).map(({ memory }) => memory.id);

describe("rank", () => {
  it.each([
    ["shares more words with the question", { bm25Turn: 0.9 }, { bm25Turn: 0.3 }],
    ["stands where its words were used", { bm25Window: 0.9 }, { bm25Window: 0.3 }],
    ["belongs to a session about it", { bm25Session: 0.9 }, { bm25Session: 0.3 }],
    ["means the same", { cosTurn: 0.7 }, { cosTurn: 0.3 }],
    ["stands where the same was meant", { cosWindow: 0.7 }, { cosWindow: 0.3 }],
    ["says more than a few words", { chars: 200 }, { chars: 12 }],
    [
      "states something instead of asking",
      { content: "The seal is worn." },
      { content: "Is the seal worn?" },
    ],
    [
      "is newer",
      { createdAt: new Date("2025-09-16T12:00:00Z") },
      { createdAt: new Date("2024-09-16T12:00:00Z") },
    ],
  ])("puts a memory first that %s", (_reason, better, worse) => {
    const candidates = [
      candidate({ id: "worse", ...worse }),
      candidate({ id: "better", ...better }),
    ];
    expect(order(candidates)).toEqual(["better", "worse"]);
  });

  it("puts the one person first whom the question names", () => {
    const candidates = [
      candidate({ id: "ben", name: "Ben Okafor" }),
      candidate({ id: "ana", name: "Ana Lima" }),
    ];
    expect(order(candidates, "What was Ana's first job?")[0]).toBe("ana");
    expect(order(candidates, "what did ben okafor say?")[0]).toBe("ben");
  });

  it.each([
    ["names two people", "What do Ana and Ben have in common?"],
    ["names nobody here", "What did Clara cook?"],
    ["only contains a name's letters", "How do bananas ripen?"],
  ])("prefers no speaker when the question %s", (_name, question) => {
    const candidates = [candidate({ id: "b", name: "Ben" }), candidate({ id: "a", name: "Ana" })];
    expect(ranked(candidates, question).map(({ signals }) => signals.speaker)).toEqual([0, 0]);
  });

  it("prefers no speaker where speakers have no names", () => {
    const candidates = [candidate({ role: "user" }), candidate({ role: "assistant" })];
    const speakers = ranked(candidates, "What did the user say?").map((one) => one.signals.speaker);
    expect(speakers).toEqual([0, 0]);
  });

  it("orders by words alone where nothing has a vector", () => {
    const candidates = [
      candidate({ id: "second", bm25Turn: 0.2, cosTurn: null, cosWindow: null }),
      candidate({ id: "first", bm25Turn: 0.9, cosTurn: null, cosWindow: null }),
    ];
    expect(order(candidates)).toEqual(["first", "second"]);
  });

  it("neither helps nor harms a memory whose vector is still to come", () => {
    const [first, second, third] = ranked([
      candidate({ id: "fresh", cosTurn: null, cosWindow: null }),
      candidate({ id: "near", cosTurn: 0.6, cosWindow: 0.6 }),
      candidate({ id: "far", cosTurn: 0.2, cosWindow: 0.2 }),
    ]).map(({ memory }) => memory.id);
    expect([first, second, third]).toEqual(["near", "fresh", "far"]);
  });

  it("weighs age against relevance as it is asked to", () => {
    const candidates = [
      candidate({ id: "old", bm25Turn: 0.9, createdAt: new Date("2023-01-01T00:00:00Z") }),
      candidate({ id: "new", bm25Turn: 0.4, createdAt: new Date("2025-09-17T11:00:00Z") }),
    ];
    expect(order(candidates, "anything", "low")[0]).toBe("old");
    expect(order(candidates, "anything", "high")[0]).toBe("new");
  });

  it("puts the newer of two equals first, to the last position", () => {
    const candidates = [
      candidate({ id: "first", position: 1 }),
      candidate({ id: "last", position: 9 }),
    ];
    expect(order(candidates)).toEqual(["last", "first"]);
    expect(order(candidates.toReversed())).toEqual(["last", "first"]);
  });

  it("says what each signal contributed", () => {
    const [best] = ranked([candidate({ bm25Turn: 0.5, cosTurn: 0.5, cosWindow: 0.5 })]);
    const sum = Object.values(best?.signals ?? {}).reduce((total, part) => total + part, 0);
    expect(best?.signals).toMatchObject({ words: 3, meaning: 2.5, meaningNearby: 3 });
    expect(best?.score).toBeCloseTo(sum);
  });

  it("leaves what it was given as it was", () => {
    const candidates = Object.freeze([candidate({ id: "a" }), candidate({ id: "b", chars: 300 })]);
    expect(order(candidates)).toEqual(["b", "a"]);
    expect(candidates.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("ranks nothing out of nothing", () => {
    expect(ranked([])).toEqual([]);
  });
});

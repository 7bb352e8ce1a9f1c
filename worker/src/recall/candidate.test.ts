import { describe, expect, it } from "vitest";

import { parseMatches } from "./candidate.ts";

const row = {
  id: "0199a6f2-6f5e-7d9a-9a44-6f1f6a3b2c1d",
  part: 0,
  session_id: "kitchen",
  session_number: 7,
  position: 3,
  role: "user",
  name: null,
  content: "The oven needs a new seal.",
  chars: 26,
  token_count: 7,
  created_at: "2025-09-17T08:30:00.123456+00:00",
  turn_id: null,
  bm25_turn: 0.8,
  bm25_window: 0.6,
  bm25_session: 0.3,
  cos_turn: 0.61,
  cos_window: null,
};

describe("parseMatches", () => {
  it("reads a candidate as the database writes it", () => {
    const { memoriesTotal, candidates } = parseMatches({ memories_total: 12, candidates: [row] });

    expect(memoriesTotal).toBe(12);
    expect(candidates).toEqual([
      {
        id: row.id,
        part: 0,
        sessionId: "kitchen",
        sessionNumber: 7,
        position: 3,
        role: "user",
        name: null,
        content: row.content,
        chars: 26,
        tokenCount: 7,
        createdAt: new Date("2025-09-17T08:30:00.123Z"),
        turnId: null,
        bm25Turn: 0.8,
        bm25Window: 0.6,
        bm25Session: 0.3,
        cosTurn: 0.61,
        cosWindow: null,
      },
    ]);
  });

  it("reads an empty vault", () => {
    expect(parseMatches({ memories_total: 0, candidates: [] })).toEqual({
      memoriesTotal: 0,
      candidates: [],
    });
  });

  it("takes a session's number as text too, as a bigint may travel", () => {
    const { candidates } = parseMatches({
      memories_total: "1",
      candidates: [{ ...row, session_number: "7" }],
    });
    expect(candidates[0]?.sessionNumber).toBe(7);
  });

  it.each([
    ["no list", { memories_total: 1 }],
    ["a score that is no number", { memories_total: 1, candidates: [{ ...row, bm25_turn: null }] }],
    ["a time that is none", { memories_total: 1, candidates: [{ ...row, created_at: "soon" }] }],
  ])("refuses an answer with %s", (_name, answer) => {
    expect(() => parseMatches(answer)).toThrow("candidates");
  });
});

/** A candidate for tests: an ordinary message that bears on the question about as much as others. */

import type { Candidate } from "../candidate.ts";

export function candidate(overrides: Partial<Candidate> = {}): Candidate {
  const content = overrides.content ?? "The oven in the kitchen needs a new seal before winter.";
  return {
    id: "memory",
    part: 0,
    sessionId: "kitchen",
    sessionNumber: 1,
    position: 0,
    role: "user",
    name: null,
    content,
    chars: 60,
    tokenCount: 15,
    createdAt: new Date("2025-09-10T09:00:00Z"),
    turnId: null,
    bm25Turn: 0.5,
    bm25Window: 0.5,
    bm25Session: 0.5,
    cosTurn: 0.5,
    cosWindow: 0.5,
    ...overrides,
  };
}

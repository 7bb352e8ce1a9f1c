import { describe, expect, it } from "vitest";

import type { Mode } from "./mode.ts";
import { readSteering } from "./steering.ts";

type Body = Parameters<typeof readSteering>[0];

const steer = (
  body: Body = {},
  headers: Record<string, string> = {},
  key: { mode: Mode; limit: Mode | null } = { mode: "on", limit: null },
) => readSteering(body, new Headers(headers), key);

describe("steering", () => {
  it("has a default for everything", () => {
    expect(steer()).toEqual({
      mode: "on",
      sessionId: null,
      tokenBudget: 1_000,
      maxMemories: null,
      recency: "low",
      storesUser: true,
      storesAnswer: true,
      isSync: false,
    });
  });

  it.each<[string, Body, Record<string, string>, Mode, Mode | null, Mode]>([
    ["the key's setting alone", {}, {}, "read", null, "read"],
    ["a header before the key's setting", {}, { "x-memory-mode": "write" }, "read", null, "write"],
    ["a field before a header", { mode: "off" }, { "x-memory-mode": "write" }, "read", null, "off"],
    ["a suffix that takes away storing", {}, {}, "on", "read", "read"],
    ["a suffix that takes away recalling", {}, {}, "on", "write", "write"],
    [
      "a suffix against a header that asks for more",
      {},
      { "x-memory-mode": "on" },
      "on",
      "off",
      "off",
    ],
    ["a suffix against a field that asks for more", { mode: "on" }, {}, "on", "read", "read"],
    ["two halves that have nothing in common", { mode: "write" }, {}, "on", "read", "off"],
    ["a suffix that cannot raise the key's setting", {}, {}, "off", "read", "off"],
  ])("goes by %s", (_name, body, headers, mode, limit, effective) => {
    expect(steer(body, headers, { mode, limit }).mode).toBe(effective);
  });

  it("reads fields before headers", () => {
    const headers = {
      "x-session-id": "h",
      "x-memory-token-budget": "10",
      "x-memory-recency": "high",
      "x-memory-context-limit": "3",
      "x-memory-store": "false",
      "x-memory-store-response": "false",
      "x-memory-durability": "sync",
    };

    expect(steer({ sessionId: "b", tokenBudget: 0, recency: "medium" }, headers)).toMatchObject({
      sessionId: "b",
      tokenBudget: 0,
      recency: "medium",
      maxMemories: 3,
      storesUser: false,
      storesAnswer: false,
      isSync: true,
    });
    expect(steer({}, headers)).toMatchObject({ sessionId: "h", tokenBudget: 10, recency: "high" });
  });

  it.each<[string, Body]>([
    ["memory_mode", { mode: "ON" }],
    ["memory_mode", { mode: null }],
    ["memory_mode", { mode: true }],
    ["memory_token_budget", { tokenBudget: -1 }],
    ["memory_token_budget", { tokenBudget: 1e9 }],
    ["memory_token_budget", { tokenBudget: 8_001 }],
    ["memory_token_budget", { tokenBudget: 1.5 }],
    ["memory_token_budget", { tokenBudget: Number.NaN }],
    ["memory_token_budget", { tokenBudget: "30" }],
    ["memory_token_budget", { tokenBudget: [30] }],
    ["memory_token_budget", { tokenBudget: null }],
    ["memory_recency", { recency: "lowest" }],
    ["session_id", { sessionId: "" }],
    ["session_id", { sessionId: 7 }],
    ["session_id", { sessionId: "a\0b" }],
    ["session_id", { sessionId: "a\nb" }],
    ["session_id", { sessionId: "x".repeat(257) }],
  ])("names the field %s when it holds %j", (field, body) => {
    expect(() => steer(body)).toThrow(
      expect.objectContaining({ code: "invalid_request", param: field }),
    );
  });

  it.each([
    ["X-Memory-Mode", "none"],
    ["X-Memory-Mode", ""],
    ["X-Memory-Token-Budget", "-1"],
    ["X-Memory-Token-Budget", "1e3"],
    ["X-Memory-Token-Budget", "NaN"],
    ["X-Memory-Token-Budget", "8001"],
    ["X-Memory-Token-Budget", ""],
    ["X-Memory-Context-Limit", "many"],
    ["X-Memory-Recency", "HIGH"],
    ["X-Memory-Store", "no"],
    ["X-Memory-Store-Response", "0"],
    ["X-Memory-Durability", "async"],
    ["X-Session-ID", ""],
    ["X-Session-ID", "x".repeat(257)],
  ])("names the header %s when it holds %j", (name, value) => {
    const steered = () => steer({}, { [name]: value });

    expect(steered).toThrow(expect.objectContaining({ code: "invalid_request", param: name }));
  });

  it("takes a budget of nothing and one of everything", () => {
    expect(steer({ tokenBudget: 0 }).tokenBudget).toBe(0);
    expect(steer({}, { "x-memory-token-budget": "8000" }).tokenBudget).toBe(8_000);
  });
});

import { describe, expect, it, vi } from "vitest";

import { logError, logEvent } from "./log.ts";

function lineOf(write: () => void): Record<string, unknown> {
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  write();
  const [line] = spy.mock.lastCall ?? [];
  return JSON.parse(String(line));
}

describe("a log line", () => {
  it("is one JSON object that names event, cause and facts", () => {
    const cause = new Error("database is away", { cause: new TypeError("fetch failed") });

    expect(lineOf(() => logError("begin_turn_failed", cause, { requestId: "r1" }))).toMatchObject({
      level: "error",
      event: "begin_turn_failed",
      requestId: "r1",
      cause: "Error: database is away",
      because: "TypeError: fetch failed",
    });
  });

  it("does not show what was thrown when it was no error", () => {
    const line = lineOf(() => logError("odd", { row: "everything anybody said" }));

    expect(line).toMatchObject({ cause: "object" });
    expect(JSON.stringify(line)).not.toContain("anybody");
  });

  it.each([
    ["a memory key", `mk_${"a".repeat(49)}`],
    ["the beginning of one", "mk_abcdefgh"],
    ["an OpenAI key", "sk-proj-abc_def-123"],
    ["an Anthropic key", "sk-ant-api03-abc"],
    ["the database's key", "sb_secret_abc_123"],
    ["a token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["a bearer of anything", "Bearer abcdef"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"],
  ])("blots out %s", (_name, secret) => {
    const line = lineOf(() =>
      logError("odd", new Error(`refused: ${secret}`), { fact: `x=${secret}` }),
    );

    const shown = JSON.stringify(line);
    expect(shown).not.toContain(secret.replace("Bearer ", ""));
    expect(shown).toContain("[redacted]");
  });

  it("stays short, whatever somebody throws", () => {
    const line = lineOf(() => logError("odd", new Error("x".repeat(1_000_000))));

    expect(JSON.stringify(line).length).toBeLessThan(10_000);
  });

  it("tells an event without a cause on the other stream", () => {
    const spy = vi.spyOn(console, "log").mockImplementation(() => {});

    logEvent("turns_swept", { swept: 3 });

    expect(spy).toHaveBeenCalledWith('{"level":"info","event":"turns_swept","swept":3}');
  });
});

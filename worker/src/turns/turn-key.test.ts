import { describe, expect, it } from "vitest";

import { stepKey, turnKey, type TurnIdentity } from "./turn-key.ts";

const IDENTITY: TurnIdentity = {
  memoryKeyId: "key-1",
  session: "session-1",
  dialect: "chat-completions",
  previousResponseId: null,
};

describe("turnKey", () => {
  it("is a SHA-256 in lower-case hex, the same for the same turn", async () => {
    const key = await turnKey(IDENTITY, '["user",null,["Hi"],[]]');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await turnKey({ ...IDENTITY }, '["user",null,["Hi"],[]]')).toBe(key);
  });

  it.each([
    ["memory key", { memoryKeyId: "key-2" }],
    ["session", { session: "session-2" }],
    ["dialect", { dialect: "messages" }],
    ["previous response", { previousResponseId: "resp_1" }],
    ["previous response that is called nothing", { previousResponseId: "" }],
  ])("differs with the %s", async (_, change) => {
    expect(await turnKey({ ...IDENTITY, ...change }, "Hi")).not.toBe(await turnKey(IDENTITY, "Hi"));
  });

  it("differs with what was said", async () => {
    expect(await turnKey(IDENTITY, "Hi")).not.toBe(await turnKey(IDENTITY, "Hi!"));
  });

  it("is not fooled by a part that spells another's place", async () => {
    const one = { ...IDENTITY, memoryKeyId: 'a","b', session: "c" };
    const other = { ...IDENTITY, memoryKeyId: "a", session: 'b","c' };
    expect(await turnKey(one, "")).not.toBe(await turnKey(other, ""));
    const broken = { ...IDENTITY, session: "s\nHi" };
    expect(await turnKey(broken, "")).not.toBe(await turnKey({ ...IDENTITY, session: "s" }, "Hi"));
  });

  it("never equals a step's key", async () => {
    expect(await stepKey(IDENTITY, "Hi")).not.toBe(await turnKey(IDENTITY, "Hi"));
  });
});

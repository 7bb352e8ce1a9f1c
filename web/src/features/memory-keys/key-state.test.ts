import { describe, expect, it } from "vitest";

import { keyState, maskedKey } from "./key-state";
import type { MemoryKey } from "./memory-keys-api";

const now = Date.parse("2026-11-22T12:00:00Z");

const key: MemoryKey = {
  id: "1",
  name: "support-bot",
  prefix: "mk_7Qd2x",
  last_four: "k9Zt",
  mode: "on",
  is_active: true,
  memory_token_count: 0,
  token_cap: null,
  created_at: "2026-11-01T00:00:00Z",
  last_used_at: null,
  expires_at: null,
};

describe("A memory key", () => {
  it("is expired from the very moment it expires, disabled or not", () => {
    const expires_at = "2026-11-22T12:00:00Z";
    expect(keyState({ ...key, expires_at }, now - 1)).toBe("active");
    expect(keyState({ ...key, expires_at }, now)).toBe("expired");
    expect(keyState({ ...key, expires_at, is_active: false }, now)).toBe("expired");
  });

  it("is disabled until it is enabled again", () => {
    expect(keyState({ ...key, is_active: false }, now)).toBe("disabled");
    expect(keyState(key, now)).toBe("active");
  });

  it("shows its two ends and not how long it is", () => {
    expect(maskedKey(key)).toBe("mk_7Qd2x••••••k9Zt");
  });
});

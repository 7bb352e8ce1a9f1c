import { describe, expect, it } from "vitest";

import { openedKey } from "../../test/fakes.ts";
import { parseMemoryKey } from "../keys/memory-key.ts";
import { readSteering } from "../steering.ts";
import { storingOf } from "./storing.ts";

const storing = (key: object = {}, headers: Record<string, string> = {}) => {
  const opened = parseMemoryKey(openedKey(key));
  return storingOf(
    opened,
    readSteering({}, new Headers(headers), { mode: opened.mode, limit: null }),
  );
};

describe("what of a turn is kept", () => {
  it("is all of it on a quiet day", () => {
    expect(storing()).toEqual({ user: true, answer: true, refusal: null });
  });

  it("is one half when the other is not wanted", () => {
    expect(storing({}, { "x-memory-store": "false" })).toMatchObject({ user: false, answer: true });
    expect(storing({}, { "x-memory-store-response": "false" })).toMatchObject({
      user: true,
      answer: false,
    });
  });

  it.each([
    ["the mode", { mode: "read" }, {}, "mode"],
    ["an account past due", { is_memory_read_only: true }, {}, "allowance"],
    ["a cap that is reached", { token_cap: 10, tokens_stored_this_month: 10 }, {}, "cap"],
    ["a cap of nothing", { token_cap: 0 }, {}, "cap"],
    [
      "the request itself",
      {},
      { "x-memory-store": "false", "x-memory-store-response": "false" },
      "request",
    ],
  ])("is nothing by %s, which is named", (_name, key, headers, refusal) => {
    expect(storing(key, headers)).toEqual({ user: false, answer: false, refusal });
  });
});

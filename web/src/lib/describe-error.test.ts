import { AuthApiError, AuthRetryableFetchError } from "@supabase/auth-js";
import { describe, expect, it } from "vitest";

import { describeError, isSessionOver } from "./describe-error";
import { FunctionError } from "./function-error";

describe("What somebody reads about an error", () => {
  it("is our own words when a function wrote them", () => {
    const error = new FunctionError("wrong_key", "OpenAI does not accept this key.", "req_1");
    expect(describeError(error)).toBe("OpenAI does not accept this key.");
  });

  it("is the database's words only when it raised them for a reader", () => {
    expect(describeError({ code: "PT400", message: "A memory key needs a name" })).toBe(
      "A memory key needs a name",
    );
    const internal = { code: "XX000", message: "relation private.secrets does not exist" };
    expect(describeError(internal)).not.toContain("private");
    expect(describeError(internal)).toContain("XX000");
  });

  it("never repeats what Auth said", () => {
    const error = new AuthApiError("User ada@example.com exists", 400, "invalid_credentials");
    expect(describeError(error)).toBe("That e-mail and password do not belong together.");
  });

  it.each([
    ["a failed fetch in Chromium", new TypeError("Failed to fetch")],
    ["a failed fetch in Firefox", new TypeError("NetworkError when attempting to fetch resource.")],
    ["a failed fetch in Safari", new TypeError("Load failed")],
    ["Auth out of reach", new AuthRetryableFetchError("Failed to fetch", 0)],
    ["the database out of reach", { code: "", message: "TypeError: Failed to fetch" }],
  ])("names the connection for %s", (_, error) => {
    expect(describeError(error)).toContain("Check your connection");
  });

  it("says what to do even about what nobody foresaw", () => {
    for (const error of [new RangeError("x"), "a string", null, { odd: true }]) {
      expect(describeError(error)).toMatch(/Try again/);
    }
  });
});

describe("A session that is over", () => {
  it.each([
    [{ code: "PGRST303", message: "JWT expired" }, true],
    [new FunctionError("unauthorized", "Sign in again.", null), true],
    [{ code: "42501", message: "permission denied" }, false],
    [new TypeError("Failed to fetch"), false],
  ])("is told from other errors: %o", (error, expected) => {
    expect(isSessionOver(error)).toBe(expected);
  });
});

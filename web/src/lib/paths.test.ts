import { describe, expect, it } from "vitest";

import { paths, safeNext, withNext } from "./paths";

describe("The way back after signing in", () => {
  it.each([
    ["/memory-keys", "/memory-keys"],
    ["/memory-keys?sort=name#top", "/memory-keys?sort=name#top"],
    ["/a/../account", "/account"],
  ])("leads from %s to %s", (next, expected) => {
    expect(safeNext(next)).toBe(expected);
  });

  it.each([
    null,
    "",
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    String.raw`/\evil.example`,
    String.raw`\\evil.example`,
    "/\t/evil.example",
    "/\n/evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "account",
  ])("stays on the dashboard for %j", (next) => {
    expect(safeNext(next)).toBe(paths.quickstart);
  });

  it("survives the trip through an address", () => {
    const next = "/memory-keys?q=a&b=c";
    const address = new URL(withNext(paths.signIn, next), "https://app.example.com");
    expect(address.pathname).toBe("/sign-in");
    expect(safeNext(address.searchParams.get("next"))).toBe(next);
  });
});

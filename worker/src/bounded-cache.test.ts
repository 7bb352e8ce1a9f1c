import { describe, expect, it } from "vitest";

import { createBoundedCache } from "./bounded-cache.ts";

describe("a bounded cache", () => {
  it("keeps what was used last and lets go of what was not", () => {
    const cache = createBoundedCache<number>(2);
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);

    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
  });

  it("counts a value that is set again once", () => {
    const cache = createBoundedCache<number>(2);
    cache.set("a", 1);
    cache.set("b", 2);
    cache.set("b", 3);

    expect([cache.get("a"), cache.get("b")]).toEqual([1, 3]);
  });

  it("forgets what it is told to forget", () => {
    const cache = createBoundedCache<number>(2);
    cache.set("a", 1);
    cache.delete("a");

    expect(cache.get("a")).toBeUndefined();
  });
});

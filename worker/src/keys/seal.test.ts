import { describe, expect, it } from "vitest";

import { createSeal } from "./seal.ts";

const OLD = btoa("an old key of thirty-two bytes!!");
const NEW = btoa("a new key, also thirty-two bytes");

describe("a seal", () => {
  const seal = createSeal({ current: "k1", keys: { k1: OLD } });

  it("opens where it was closed", async () => {
    const sealed = await seal.close("sk-secret", "production:abc");

    expect(await seal.open(sealed, "production:abc")).toBe("sk-secret");
  });

  it("shows nothing of what is inside, and never looks the same twice", async () => {
    const [one, other] = [await seal.close("sk-secret", "a"), await seal.close("sk-secret", "a")];

    expect(one).not.toContain("sk-secret");
    expect(one).not.toBe(other);
  });

  it.each([
    ["another key's place", "production:def"],
    ["another environment", "local:abc"],
  ])("stays shut in %s", async (_name, place) => {
    const sealed = await seal.close("sk-secret", "production:abc");

    expect(await seal.open(sealed, place)).toBeNull();
  });

  it.each([
    "",
    "v1",
    "v1.k1",
    "v1.k1.AAAA.AAAA",
    "v1.k1.%%%.%%%",
    "v2.k1.AAAA.AAAA",
    "v1.k9.AAAA.AAAA",
  ])("is not there for %j", async (damaged) => {
    expect(await seal.open(damaged, "a")).toBeNull();
  });

  it("opens under a former key while a new one closes", async () => {
    const before = await seal.close("sk-secret", "a");
    const rotated = createSeal({ current: "k2", keys: { k1: OLD, k2: NEW } });

    expect(await rotated.open(before, "a")).toBe("sk-secret");
    expect(await rotated.close("sk-secret", "a")).toMatch(/^v1\.k2\./);
  });

  it("is not there for who lacks the key that closed it", async () => {
    const after = await createSeal({ current: "k2", keys: { k2: NEW } }).close("sk-secret", "a");

    expect(await seal.open(after, "a")).toBeNull();
  });
});

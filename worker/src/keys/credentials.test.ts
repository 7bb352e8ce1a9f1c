import { describe, expect, it } from "vitest";

import { readCredentials } from "./credentials.ts";

const read = (headers: Record<string, string>) => readCredentials(new Headers(headers));

describe("readCredentials", () => {
  it.each([
    ["Authorization", { authorization: "Bearer mk_a" }],
    ["x-api-key", { "x-api-key": "mk_a" }],
    ["X-Memory-Key", { "x-memory-key": "mk_a" }],
    ["both, as some SDKs send it", { authorization: "Bearer mk_a", "x-api-key": "mk_a" }],
    ["all three", { authorization: "Bearer mk_a", "x-api-key": "mk_a", "x-memory-key": "mk_a" }],
  ])("finds the memory key in %s", (_name, headers) => {
    expect(read(headers)).toEqual({ memoryKey: "mk_a", providerKeys: [] });
  });

  it.each([
    ["nothing at all", {}],
    ["an empty Bearer", { authorization: "Bearer " }],
    ["two spaces", { authorization: "Bearer  mk_a" }],
    ["another scheme", { authorization: "Basic mk_a" }],
    ["a provider's key alone", { authorization: "Bearer sk-proj-1" }],
  ])("finds none in %s", (_name, headers) => {
    expect(read(headers).memoryKey).toBeNull();
  });

  it("takes the others for provider keys beside X-Memory-Key", () => {
    const headers = {
      "x-memory-key": "mk_a",
      authorization: "Bearer sk-1",
      "x-api-key": "sk-ant-1",
    };

    expect(read(headers)).toEqual({ memoryKey: "mk_a", providerKeys: ["sk-1", "sk-ant-1"] });
  });

  it("takes X-Provider-Key before any other provider key", () => {
    const headers = {
      "x-memory-key": "mk_a",
      authorization: "Bearer sk-1",
      "x-provider-key": "sk-2",
    };

    expect(read(headers).providerKeys).toEqual(["sk-2"]);
  });

  it("ignores a second credential that was meant for somebody else", () => {
    const headers = { authorization: "Bearer mk_a", "x-api-key": "sk-ant-1" };

    expect(read(headers)).toEqual({ memoryKey: "mk_a", providerKeys: [] });
  });

  it.each([
    ["two general places", { authorization: "Bearer mk_a", "x-api-key": "mk_b" }],
    ["X-Memory-Key and Authorization", { "x-memory-key": "mk_a", authorization: "Bearer mk_b" }],
    ["a key and the same with a suffix", { "x-memory-key": "mk_a", "x-api-key": "mk_a:read" }],
  ])("refuses two different memory keys in %s", (_name, headers) => {
    expect(() => read(headers)).toThrow("two different memory keys");
  });

  it.each(["mk_a", " MK_a", ""])("refuses %j as a provider key", (key) => {
    expect(() => read({ "x-memory-key": "mk_a", "x-provider-key": key })).toThrow("X-Provider-Key");
  });
});

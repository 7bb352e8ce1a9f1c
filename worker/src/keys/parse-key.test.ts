import { describe, expect, it } from "vitest";

import { checksum, parseKey } from "./parse-key.ts";

const BODY = `mk_${"0".repeat(43)}`;
const KEY = BODY + checksum(BODY);

describe("parseKey", () => {
  it("takes the CRC-32 that zip and png use", () => {
    // The algorithm's check value is 0xcbf43926.
    expect(checksum("123456789")).toBe("3jZRME");
  });

  it("accepts a key whose checksum fits", () => {
    expect(parseKey(KEY)).toEqual({ key: KEY, limit: null });
  });

  it.each(["read", "write", "off"] as const)("splits off the suffix :%s", (suffix) => {
    expect(parseKey(`${KEY}:${suffix}`)).toEqual({ key: KEY, limit: suffix });
  });

  it.each([
    ["nothing", ""],
    ["another vendor's key", "sk-proj-1234567890"],
    ["a wrong checksum", `${BODY}000000`],
    ["a changed letter", KEY.replace("mk_0", "mk_1")],
    ["upper case in front", KEY.replace("mk_", "MK_")],
    ["a character outside base62", `${KEY.slice(0, -1)}-`],
    ["a look-alike letter", KEY.replace("k", "к")],
    ["a NUL", `${KEY}\0`],
    ["a line break behind it", `${KEY}\r\nx: y`],
    ["a space around it", ` ${KEY}`],
    ["an unknown suffix", `${KEY}:admin`],
    ["a suffix that would give rights", `${KEY}:on`],
    ["an empty suffix", `${KEY}:`],
    ["two suffixes", `${KEY}:read:off`],
    ["a megabyte", KEY + "x".repeat(1_000_000)],
  ])("turns away %s", (_name, credential) => {
    expect(parseKey(credential)).toBeNull();
  });
});

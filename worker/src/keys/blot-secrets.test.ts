import { describe, expect, it } from "vitest";

import { BLOT, blotSecrets } from "./blot-secrets.ts";

const BASE64 = "MIIEpAIBAAKCAQEA".repeat(4);

describe("blotSecrets", () => {
  it.each([
    ["a memory key", `mk_${"a1B2".repeat(12)}x`],
    ["an OpenAI key", "sk-proj-abcdefghijklmnopqrstuvwxyz_0123456789"],
    ["an Anthropic key", "sk-ant-api03-abcdefghijklmnopqrstuvwxyz"],
    ["a Stripe key", `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`],
    ["the database's key", "sb_secret_abcdefghijklmnopqrstuv"],
    ["a GitHub token", `ghp_${"a".repeat(36)}`],
    ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
    ["a signed token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlLWhlcmU"],
    [
      "a private key",
      `-----BEGIN RSA PRIVATE KEY-----\n${BASE64}\nabc+/=\n-----END RSA PRIVATE KEY-----`,
    ],
    ["the beginning of one", `-----BEGIN PRIVATE KEY-----\n${BASE64}\n${BASE64}`],
    ["a card number", "4242424242424242"],
    ["one in groups", "4242 4242 4242 4242"],
    ["one with hyphens", "5555-5555-5555-4444"],
  ])("takes out %s and leaves the words around it", (_name, secret) => {
    expect(blotSecrets(`Use ${secret}\n, please`)).toBe(`Use ${BLOT}\n, please`);
  });

  it.each([
    ["words", "I asked about sk-learn and mk_docs, and skated home."],
    ["a long number that is no card", "Order 4242424242424241"],
    ["a phone number", "+31 20 624 1111"],
    ["a time in milliseconds", "1747000000000"],
    ["decimals", "3.14159265358979323846"],
    ["a UUID", "0193a000-0000-7000-8000-000000000001"],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"],
  ])("leaves %s alone", (_name, text) => {
    expect(blotSecrets(text)).toBe(text);
  });

  it.each([
    ["digits", "4".repeat(100_000)],
    ["digits and spaces", "4 ".repeat(50_000)],
    ["beginnings of private keys", "-----BEGIN PRIVATE KEY-----".repeat(4_000)],
    ["beginnings of keys", "sk-".repeat(30_000)],
  ])("takes linear time for a hundred thousand characters of %s", (_name, text) => {
    const startedAtMs = performance.now();
    blotSecrets(text);
    expect(performance.now() - startedAtMs).toBeLessThan(500);
  });
});

import { describe, expect, it } from "vitest";

import { forwardedHeaders } from "./forwarded-headers.ts";

function forwarded(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(forwardedHeaders(new Headers(given)));
}

describe("forwardedHeaders", () => {
  it("forwards what means something to a model's API", () => {
    const meant = {
      accept: "application/json",
      "anthropic-beta": "context-1m-2025-08-07",
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
      "http-referer": "https://app.example",
      "idempotency-key": "stainless-node-retry-1",
      "openai-beta": "responses=v1",
      "openai-organization": "org-1",
      "openai-project": "proj_1",
      "user-agent": "OpenAI/JS 7.57.0",
      "x-stainless-lang": "js",
      "x-stainless-retry-count": "0",
      "x-title": "App",
    };
    expect(forwarded(meant)).toEqual(meant);
  });

  it.each([
    "authorization",
    "x-api-key",
    "cookie",
    "host",
    "connection",
    "x-secret",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "cf-ipcountry",
    "origin",
    "referer",
    "accept-language",
    "accept-encoding",
    "content-length",
    "sec-fetch-site",
    "x-memory-key",
    "x-memory-mode",
    "x-session-id",
    "x-provider-key",
    "x-mr-request-id",
    "openai-base-url",
    "x-provider-url",
    "x-portkey-custom-host",
    "traceparent",
  ])("keeps %s to us", (name) => {
    expect(forwarded({ [name]: "1" })).toEqual({});
  });

  it.each([
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0",
    "mozilla/4.0 (compatible)",
    "Wrapped (Mozilla/5.0)",
  ])("does not pass a browser off as the client: %s", (agent) => {
    expect(forwarded({ "user-agent": agent })).toEqual({});
  });

  it.each(["mk_abc", "Bearer mk_abc", "MK_abc", "key=mk_abc", "a, mk_abc"])(
    "forwards nothing that looks like a memory key, under whatever name: %s",
    (value) => {
      expect(forwarded({ "idempotency-key": value, "openai-project": value })).toEqual({});
    },
  );

  it("forwards a name that merely has those letters in it", () => {
    expect(forwarded({ "x-title": "Stmk_Graz" })).toEqual({ "x-title": "Stmk_Graz" });
  });

  it("keeps back what is too long or too much", () => {
    const many = Array.from({ length: 500 }, (_, index) => [`x-stainless-${index}`, "1"]);
    expect(forwarded({ "x-title": "x".repeat(10_000) })).toEqual({});
    expect(Object.keys(forwarded(Object.fromEntries(many)))).toHaveLength(64);
  });
});

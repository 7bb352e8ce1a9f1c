import { describe, expect, it } from "vitest";

import { responseHeaders } from "./response-headers.ts";

function passed(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(responseHeaders(new Headers(given)));
}

describe("responseHeaders", () => {
  it("passes on what an SDK acts on", () => {
    const meant = {
      "anthropic-organization-id": "org",
      "anthropic-ratelimit-requests-remaining": "49",
      "content-type": "text/event-stream; charset=utf-8",
      "openai-processing-ms": "12",
      "openai-version": "2020-10-01",
      "request-id": "req_1",
      "retry-after": "7",
      "retry-after-ms": "7000",
      "x-ratelimit-remaining-tokens": "149984",
      "x-request-id": "req_2",
      "x-should-retry": "true",
    };
    expect(passed(meant)).toEqual(meant);
  });

  it.each([
    "set-cookie",
    "cf-ray",
    "cf-cache-status",
    "access-control-allow-origin",
    "x-accel-redirect",
    "server",
    "via",
    "alt-svc",
    "strict-transport-security",
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "location",
    "link",
    "x-memory-status",
    "x-mr-request-id",
    "x-envoy-upstream-service-time",
    "server-timing",
  ])("keeps back %s", (name) => {
    expect(passed({ [name]: "1" })).toEqual({});
  });

  it("keeps back what is too long or too much", () => {
    const many = Array.from({ length: 500 }, (_, index) => [`x-ratelimit-${index}`, "1"]);
    expect(passed({ "x-request-id": "x".repeat(10_000) })).toEqual({});
    expect(Object.keys(passed(Object.fromEntries(many)))).toHaveLength(64);
  });

  it("gives headers that can be added to", () => {
    const headers = responseHeaders(
      new Response(null, { headers: { "retry-after": "1" } }).headers,
    );
    headers.set("x-memory-status", "hit");
    expect([...headers.keys()]).toEqual(["retry-after", "x-memory-status"]);
  });
});

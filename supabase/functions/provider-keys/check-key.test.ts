import { describe, expect, it } from "vitest";

import { createCheckKey } from "./check-key.ts";
import { type ProviderId, resolveOrigins } from "./vendors.ts";

type Reply = readonly [status: number, body?: unknown];

const models = { data: [{ id: "claude-model" }] };
const quota = { error: { code: "insufficient_quota" } };
const rateLimited = { error: { code: "rate_limit_exceeded" } };
const lowBalance = {
  error: { type: "invalid_request_error", message: "Your credit balance is too low to access …" },
};

describe("the verdict on a key", () => {
  it.each<[string, ProviderId, Record<string, Reply>, string]>([
    ["openai", "openai", { "/models": [200], "/embeddings": [200] }, "valid"],
    ["openai", "openai", { "/models": [401] }, "wrong_key"],
    ["openai with a restricted key", "openai", { "/models": [403], "/embeddings": [403] }, "valid"],
    ["openai", "openai", { "/models": [200], "/embeddings": [429, quota] }, "no_credit"],
    ["openai", "openai", { "/models": [429, quota] }, "no_credit"],
    [
      "openai when busy",
      "openai",
      { "/models": [200], "/embeddings": [429, rateLimited] },
      "valid",
    ],
    ["openai when busy", "openai", { "/models": [429, rateLimited] }, "unreachable"],
    ["openai when down", "openai", { "/models": [503] }, "unreachable"],
    ["openai redirecting", "openai", { "/models": [302] }, "unreachable"],
    [
      "anthropic",
      "anthropic",
      { "/models": [200, models], "/messages/count_tokens": [200] },
      "valid",
    ],
    ["anthropic", "anthropic", { "/models": [401] }, "wrong_key"],
    [
      "anthropic",
      "anthropic",
      { "/models": [200, models], "/messages/count_tokens": [400, lowBalance] },
      "no_credit",
    ],
    ["anthropic", "anthropic", { "/models": [402] }, "no_credit"],
    ["anthropic without models", "anthropic", { "/models": [200, { data: [] }] }, "valid"],
    ["openrouter", "openrouter", { "/key": [200, { data: { limit_remaining: null } }] }, "valid"],
    ["openrouter", "openrouter", { "/key": [401] }, "wrong_key"],
    ["openrouter", "openrouter", { "/key": [200, { data: { limit_remaining: 0 } }] }, "no_credit"],
    ["openrouter", "openrouter", { "/key": [402] }, "no_credit"],
    ["openrouter answering nonsense", "openrouter", { "/key": [200, "<html>"] }, "valid"],
  ])("of %s (%s %j) is %s", async (_, provider, replies, expected) => {
    expect(await check(provider, replies)).toBe(expected);
  });

  it("is unreachable when the network fails or the time is up", async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("timed out")));
      });
    const origins = resolveOrigins({});
    const checkKey = createCheckKey({ origins, fetch: never, timeoutMs: 1 });
    expect(await checkKey("openai", "sk-x")).toBe("unreachable");
  });

  it("stays valid when only the question about credit fails", async () => {
    expect(await check("openai", { "/models": [200] })).toBe("valid");
  });
});

describe("what a provider is sent", () => {
  it("is the key in its own header, at its own origin, following no redirect", async () => {
    const sent: Request[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      sent.push(new Request(input, init));
      return Response.json(models);
    };
    const origins = resolveOrigins({ openai: "http://127.0.0.1:9000/v1" });
    const checkKey = createCheckKey({ origins, fetch, timeoutMs: 1_000 });
    await checkKey("openai", "sk-open");
    await checkKey("anthropic", "sk-ant-x");

    expect(sent.map(({ url, redirect }) => [url, redirect])).toEqual([
      ["http://127.0.0.1:9000/v1/models", "manual"],
      ["http://127.0.0.1:9000/v1/embeddings", "manual"],
      ["https://api.anthropic.com/v1/models?limit=1", "manual"],
      ["https://api.anthropic.com/v1/messages/count_tokens", "manual"],
    ]);
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer sk-open");
    expect(sent[2]?.headers.get("authorization")).toBeNull();
    expect(sent[2]?.headers.get("x-api-key")).toBe("sk-ant-x");
  });
});

/** Checks a key against a provider that knows only these paths. */
function check(provider: ProviderId, replies: Record<string, Reply>) {
  const origins = resolveOrigins({});
  const fetch: typeof globalThis.fetch = async (input) => {
    const path = new Request(input).url.slice(origins[provider].length).replace(/\?.*/, "");
    const reply = replies[path];
    if (!reply) throw new TypeError("connection refused");
    const [status, body = {}] = reply;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return createCheckKey({ origins, fetch, timeoutMs: 1_000 })(provider, "sk-x");
}

import { describe, expect, it } from "vitest";

import { createRegistry } from "./registry.ts";

const registry = createRegistry({ upstreams: {}, demoOrigin: null });
const resolve = (model: string) => {
  const resolved = registry.resolve(model, "chat-completions");
  return [resolved.provider.id, resolved.model];
};

describe("the registry of providers", () => {
  it.each([
    ["openai/gpt-4o", "openai", "gpt-4o"],
    ["OpenAI/gpt-4o", "openai", "gpt-4o"],
    ["anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"],
    ["openrouter/openai/gpt-4o", "openrouter", "openai/gpt-4o"],
    ["openai/whatever-comes-next", "openai", "whatever-comes-next"],
    ["openai/../../files", "openai", "../../files"],
  ])("goes by the prefix of %s and takes it off", (name, provider, model) => {
    expect(resolve(name)).toEqual([provider, model]);
  });

  it.each([
    ["gpt-4o", "openai"],
    ["GPT-4o", "openai"],
    ["chatgpt-4o-latest", "openai"],
    ["o1", "openai"],
    ["o3-mini", "openai"],
    ["o4-mini", "openai"],
    ["ft:gpt-4o:acme::1", "openai"],
    ["text-embedding-3-small", "openai"],
    ["whisper-1", "openai"],
    ["tts-1", "openai"],
    ["dall-e-3", "openai"],
    ["omni-moderation-latest", "openai"],
    ["claude-opus-4-1", "anthropic"],
    ["google/gemini-2.5-pro", "openrouter"],
    ["deepseek/deepseek-chat:free", "openrouter"],
    ["http://169.254.169.254/x", "openrouter"],
  ])("knows by its name who answers for %s, which stays as it is", (name, provider) => {
    expect(resolve(name)).toEqual([provider, name]);
  });

  it.each(["llama", "", "openai/", "/gpt-4o", "%2e%2e", "demo", "olive-7b"])(
    "has nobody for %j",
    (name) => {
      expect(() => resolve(name)).toThrow(
        expect.objectContaining({ code: "model_not_found", param: "model" }),
      );
    },
  );

  it("finds a provider again by its id", () => {
    expect(registry.provider("anthropic").name).toBe("Anthropic");
    expect(() => registry.provider("demo")).toThrow(
      expect.objectContaining({ code: "model_not_found" }),
    );
  });

  it("does not ask a provider in a dialect that it does not speak", () => {
    expect(() => registry.resolve("gpt-4o", "messages")).toThrow(
      expect.objectContaining({ code: "model_not_found" }),
    );
  });

  it.each([
    ["openai/gpt-5", "responses", { authorization: "Bearer key" }],
    ["openrouter/x", "responses", { authorization: "Bearer key" }],
    ["claude-opus-4-1", "chat-completions", { authorization: "Bearer key" }],
    ["claude-opus-4-1", "messages", { "x-api-key": "key", "anthropic-version": "2023-06-01" }],
  ] as const)("asks for %s on %s as its provider wants to be asked", (name, dialect, expected) => {
    const headers = new Headers();
    registry.resolve(name, dialect).provider.authorize(headers, "key", dialect);
    expect(Object.fromEntries(headers)).toEqual(expected);
  });

  it("leaves the version of Anthropic's API to a client that names one", () => {
    const headers = new Headers({ "anthropic-version": "2026-01-01" });
    const { provider } = registry.resolve("claude-opus-4-1", "messages");
    provider.authorize(headers, "key", "messages");
    expect(headers.get("anthropic-version")).toBe("2026-01-01");
  });

  it("has the demo model where a setting says so, and there alone", () => {
    const local = createRegistry({ upstreams: {}, demoOrigin: "http://127.0.0.1:9" });

    const { provider, model } = local.resolve("demo/memory", "chat-completions");
    expect([provider.id, provider.base, model]).toEqual([
      "demo",
      "http://127.0.0.1:9/v1",
      "memory",
    ]);
    expect(registry.providers.map(({ id }) => id)).toEqual(["openai", "anthropic", "openrouter"]);
  });

  it("sends a provider's requests elsewhere on the local stack", () => {
    const local = createRegistry({
      upstreams: { openai: "http://127.0.0.1:9/v1/" },
      demoOrigin: null,
    });

    expect(local.resolve("gpt-4o", "chat-completions").provider.base).toBe("http://127.0.0.1:9/v1");
  });

  it("takes linear time for any name", () => {
    const startedAtMs = performance.now();
    for (const bait of ["a/".repeat(50_000), "/".repeat(100_000), "gpt-".repeat(25_000)]) {
      try {
        resolve(bait);
      } catch {
        // Whether somebody answers for it does not matter here.
      }
    }
    expect(performance.now() - startedAtMs).toBeLessThan(200);
  });
});

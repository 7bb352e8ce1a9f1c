import { describe, expect, it } from "vitest";

import { chooseProviderKey } from "./provider-key.ts";
import { createRegistry } from "./registry.ts";

const { resolve } = createRegistry({ upstreams: {}, demoOrigin: "http://demo.test" });
const stored = [
  { provider: "openai", secret: "sk-stored" },
  { provider: "anthropic", secret: "sk-ant-stored" },
];

const choose = (model: string, given: string[], kept = stored) =>
  chooseProviderKey(resolve(model, "chat-completions").provider, given, kept);

describe("the key a provider is asked with", () => {
  it("is the stored one of this provider", () => {
    expect(choose("gpt-4o", [])).toBe("sk-stored");
    expect(choose("claude-opus-4-1", [])).toBe("sk-ant-stored");
  });

  it("is the one that came with the request, when there is one", () => {
    expect(choose("gpt-4o", ["sk-proj-mine"])).toBe("sk-proj-mine");
  });

  it("is the one that fits when an SDK sent two", () => {
    expect(choose("claude-opus-4-1", ["sk-mine", "sk-ant-mine"])).toBe("sk-ant-mine");
  });

  it.each([
    ["an OpenAI key for Anthropic", "claude-opus-4-1", "sk-mine"],
    ["an Anthropic key for OpenAI", "gpt-4o", "sk-ant-mine"],
    ["an OpenRouter key for OpenAI", "gpt-4o", "sk-or-v1-mine"],
    ["an OpenAI key for OpenRouter", "google/gemini-2.5-pro", "sk-mine"],
    ["a stranger's key for OpenAI", "gpt-4o", "gsk_mine"],
  ])("is never %s", (_name, model, key) => {
    expect(() => choose(model, [key])).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "X-Provider-Key" }),
    );
  });

  it("is not guessed between two", () => {
    expect(() => choose("gpt-4o", ["sk-one", "sk-two"])).toThrow("two keys for OpenAI");
  });

  it("is missed by name", () => {
    const chosen = () => choose("google/gemini-2.5-pro", []);

    expect(chosen).toThrow(expect.objectContaining({ code: "provider_key_missing" }));
    expect(chosen).toThrow("OpenRouter");
  });

  it("is none for the demo model, which gets nobody's", () => {
    expect(choose("demo/memory", ["sk-mine"])).toBeNull();
  });
});

import { describe, expect, it } from "vitest";

import { createClock } from "../../test/clock.ts";
import { recordingProvider } from "../../test/fakes.ts";
import { createRegistry } from "./registry.ts";
import { type ProviderRequest, createSend } from "./send.ts";

const { resolve } = createRegistry({ upstreams: {}, demoOrigin: null });

function requestTo(model: string, overrides: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    provider: resolve(model, "chat-completions").provider,
    dialect: { id: "chat-completions", path: "/chat/completions" },
    headers: new Headers(),
    apiKey: "sk-key",
    body: new TextEncoder().encode("{}"),
    firstByteLimitMs: 1_000,
    abort: new AbortController(),
    ...overrides,
  };
}

describe("send", () => {
  it.each([
    ["gpt-4o", "https://api.openai.com/v1/chat/completions"],
    ["claude-opus-4-1", "https://api.anthropic.com/v1/chat/completions"],
    ["google/gemini-2.5-pro", "https://openrouter.ai/api/v1/chat/completions"],
  ])(
    "asks the one host that answers for %s, with its key, and follows no redirect",
    async (model, url) => {
      const { requests, fetch } = recordingProvider();

      await createSend({ fetch, setTimer: createClock().setTimer })(requestTo(model));

      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ url, redirect: "manual", body: "{}" });
      expect(requests[0]?.headers.get("authorization")).toBe("Bearer sk-key");
    },
  );

  it("gives Anthropic's own dialect the key where it looks for it", async () => {
    const { requests, fetch } = recordingProvider();
    const dialect = { id: "messages", path: "/messages" } as const;

    await createSend({ fetch, setTimer: createClock().setTimer })(
      requestTo("claude-opus-4-1", { dialect }),
    );

    expect(requests[0]?.headers.get("x-api-key")).toBe("sk-key");
    expect(requests[0]?.headers.has("authorization")).toBe(false);
  });

  it("asks by another method and without a body where there is nothing to say", async () => {
    const methods: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (_input, init) => {
      methods.push([init?.method, init?.body]);
      return new Response();
    };

    const send = createSend({ fetch, setTimer: createClock().setTimer });
    await send(requestTo("gpt-4o", { method: "DELETE", body: null }));

    expect(methods).toEqual([["DELETE", null]]);
  });

  it("gives back a redirect as it came", async () => {
    const moved = () =>
      new Response(null, { status: 302, headers: { location: "http://169.254.169.254" } });
    const { requests, fetch } = recordingProvider(moved);

    const answer = await createSend({ fetch, setTimer: createClock().setTimer })(
      requestTo("gpt-4o"),
    );

    expect(answer.status).toBe(302);
    expect(requests).toHaveLength(1);
  });

  it("says that a provider cannot be reached, and not where it was looked for", async () => {
    const fetch = () => Promise.reject(new TypeError("connect ECONNREFUSED 10.0.0.1"));

    const asked = createSend({ fetch, setTimer: createClock().setTimer })(requestTo("gpt-4o"));

    await expect(asked).rejects.toMatchObject({ code: "provider_unreachable" });
    await expect(asked).rejects.not.toThrow("10.0.0.1");
  });

  it("gives up on a provider that never answers, and lets go of it", async () => {
    const clock = createClock();
    const abort = new AbortController();
    const send = createSend({ fetch: () => new Promise(() => {}), setTimer: clock.setTimer });

    const asked = send(requestTo("gpt-4o", { abort }));
    asked.catch(() => {});
    await clock.advance(1_000);

    await expect(asked).rejects.toMatchObject({ code: "provider_timeout" });
    expect(abort.signal.aborted).toBe(true);
  });

  it("forwards no memory key, whoever mistook it for another", async () => {
    const { requests, fetch } = recordingProvider();
    const asked = createSend({ fetch, setTimer: createClock().setTimer })(
      requestTo("gpt-4o", { apiKey: "mk_something" }),
    );

    await expect(asked).rejects.toThrow("A memory key was about to be forwarded");
    expect(requests).toEqual([]);
  });
});

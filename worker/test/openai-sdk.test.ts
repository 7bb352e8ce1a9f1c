import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  UnprocessableEntityError,
} from "openai";
import { describe, expect, it, vi } from "vitest";

import { createApp } from "../src/app.ts";
import type { Database } from "../src/database/database.ts";
import type { Services } from "../src/services.ts";
import { HI, KEY, answer, fakeServices, streamOf } from "./fakes.ts";

/** The SDK our customers use, talking to the app instead of to the network. */
function sdk(services: Services, options: { apiKey?: string; maxRetries?: number } = {}) {
  const app = createApp(() => services);
  const outlive = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
  return new OpenAI({
    apiKey: KEY,
    maxRetries: 0,
    baseURL: "http://local/v1",
    fetch: async (url, init) => app.request(new Request(url, init), undefined, {}, outlive),
    ...options,
  });
}

const HELLO: OpenAI.ChatCompletionCreateParamsNonStreaming = {
  model: HI.model,
  messages: [{ role: "user", content: HI.messages[0]?.content ?? "" }],
};

describe("OpenAI's SDK", () => {
  it("gets an answer in one piece", async () => {
    const completion = await sdk(fakeServices()).chat.completions.create(HELLO);

    expect(completion.choices[0]?.message.content).toBe("Hello");
    expect(completion.usage?.total_tokens).toBe(9);
  });

  it("streams an answer", async () => {
    const services = fakeServices({ fetch: async () => streamOf("Hel", "lo") });
    const stream = await sdk(services).chat.completions.create({ ...HELLO, stream: true });

    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("Hello");
  });

  it("reads the provider's request id", async () => {
    const fetch = async () => {
      const response = answer("Hello");
      response.headers.set("x-request-id", "req_theirs");
      return response;
    };

    const { request_id } = await sdk(fakeServices({ fetch }))
      .chat.completions.create(HELLO)
      .withResponse();

    expect(request_id).toBe("req_theirs");
  });

  it("lists models", async () => {
    const fetch = async () =>
      Response.json({ data: [{ id: "gpt-4o", created: 1, owned_by: "system" }] });

    const models = await sdk(fakeServices({ fetch })).models.list();

    expect(models.data.map(({ id }) => id)).toEqual(["gpt-4o"]);
  });

  it("raises its own typed error for a key we refuse", async () => {
    const services = fakeServices({ database: { openMemoryKey: async () => null } });
    const failure = sdk(services).chat.completions.create(HELLO);

    await expect(failure).rejects.toBeInstanceOf(AuthenticationError);
    await expect(failure).rejects.toMatchObject({ code: "invalid_memory_key" });
  });

  it.each([
    ["a field that is not allowed", { memory_mode: "all" }, BadRequestError, "invalid_request"],
    ["a model that nobody serves", { model: "nobody" }, NotFoundError, "model_not_found"],
    [
      "a provider without a key",
      { model: "claude-opus-4-1" },
      UnprocessableEntityError,
      "provider_key_missing",
    ],
  ])("raises its own typed error for %s", async (_name, fields, type, code) => {
    const failure = sdk(fakeServices()).chat.completions.create({ ...HELLO, ...fields });

    await expect(failure).rejects.toBeInstanceOf(type);
    await expect(failure).rejects.toMatchObject({ code });
  });

  it("raises its own typed errors for what the provider refuses", async () => {
    const refusing = (status: number) =>
      sdk(
        fakeServices({
          fetch: async () =>
            Response.json({ error: { message: "Slow down", code: "their_code" } }, { status }),
        }),
      ).chat.completions.create(HELLO);

    await expect(refusing(429)).rejects.toBeInstanceOf(RateLimitError);
    await expect(refusing(429)).rejects.toMatchObject({ code: "their_code" });
    await expect(refusing(500)).rejects.toBeInstanceOf(InternalServerError);
  });

  it("fails, and does not take half an answer for a whole one, when the provider breaks off", async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":"chatcmpl-1","choices":['));
      },
      pull(controller) {
        controller.error(new Error("reset"));
      },
    });
    const headers = { "content-type": "application/json" };
    const services = fakeServices({ fetch: async () => new Response(broken, { headers }) });

    await expect(sdk(services).chat.completions.create(HELLO)).rejects.toBeInstanceOf(Error);
  });

  it("does not repeat by itself what repeating cannot mend", async () => {
    const openMemoryKey = vi.fn<Database["openMemoryKey"]>(async () => null);
    const client = sdk(fakeServices({ database: { openMemoryKey } }), { maxRetries: 2 });

    await expect(client.chat.completions.create(HELLO)).rejects.toBeInstanceOf(AuthenticationError);

    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });
});

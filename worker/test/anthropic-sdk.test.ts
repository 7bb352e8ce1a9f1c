import Anthropic, {
  type ClientOptions,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  UnprocessableEntityError,
} from "@anthropic-ai/sdk";
import { describe, expect, it, vi } from "vitest";

import { createApp } from "../src/app.ts";
import type { Database } from "../src/database/database.ts";
import type { Services } from "../src/services.ts";
import { KEY, WORDS, fakeServices, openedKey, recordingProvider } from "./fakes.ts";
import { recordedAnswer } from "./recorded-answers.ts";

/** The SDK our customers use, talking to the app instead of to the network. */
function sdk(services: Services, options: ClientOptions = {}) {
  const app = createApp(() => services);
  const outlive = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
  return new Anthropic({
    apiKey: KEY,
    maxRetries: 0,
    baseURL: "http://local",
    fetch: async (url, init) => app.request(new Request(url, init), undefined, {}, outlive),
    ...options,
  });
}

const opened: Partial<Database> = {
  openMemoryKey: async () =>
    openedKey({ provider_keys: [{ id: "1", provider: "anthropic", secret: "sk-ant-stored" }] }),
};

/** A day on which Anthropic gives this answer. */
const answering = (name: string) =>
  fakeServices({ fetch: async () => recordedAnswer(name), database: opened });

const HELLO: Anthropic.MessageCreateParamsNonStreaming = {
  model: "claude-opus-5",
  max_tokens: 100,
  messages: [{ role: "user", content: WORDS }],
};

const TOOLS: Anthropic.Tool[] = [{ name: "get_weather", input_schema: { type: "object" } }];

describe("Anthropic's SDK", () => {
  it("gets an answer in one piece", async () => {
    const message = await sdk(answering("message-plain.json")).messages.create(HELLO);

    expect(message.content).toEqual([
      { type: "text", text: 'Hello! 😀 "How" can I assist\nyou today?' },
    ]);
    expect(message.usage.cache_read_input_tokens).toBe(1024);
  });

  it("streams an answer", async () => {
    const stream = sdk(answering("message-plain.sse")).messages.stream(HELLO);

    expect(await stream.finalText()).toBe(
      "Your dog is called Fenja 🐕, and she is drei Jahre alt…",
    );
  });

  it("streams thinking with its signature", async () => {
    const message = await sdk(answering("message-thinking.sse"))
      .messages.stream(HELLO)
      .finalMessage();

    expect(message.content).toMatchObject([
      { type: "thinking", thinking: "They greet me.", signature: expect.stringMatching(/./) },
      { type: "redacted_thinking" },
      { type: "text", text: "Hello." },
    ]);
  });

  it.each(["message-tools.json", "message-tools.sse"])(
    "calls tools in parallel: %s",
    async (name) => {
      const message = name.endsWith(".sse")
        ? await sdk(answering(name))
            .messages.stream({ ...HELLO, tools: TOOLS })
            .finalMessage()
        : await sdk(answering(name)).messages.create({ ...HELLO, tools: TOOLS });

      expect(message.stop_reason).toBe("tool_use");
      expect(message.content).toMatchObject([
        { type: "text", text: "I'll check." },
        { type: "tool_use", name: "get_weather", input: { city: "Oslo" } },
        { type: "tool_use", name: "get_time", input: {} },
      ]);
    },
  );

  it("streams citations", async () => {
    const message = await sdk(answering("message-citations.sse"))
      .messages.stream(HELLO)
      .finalMessage();

    const cited = message.content.flatMap((block) =>
      block.type === "text" ? (block.citations ?? []) : [],
    );
    expect(cited).toMatchObject([{ type: "web_search_result_location", title: "Tea" }]);
  });

  it("counts tokens", async () => {
    const fetch = async () => Response.json({ input_tokens: 14 });
    const client = sdk(fakeServices({ fetch, database: opened }));
    const { model, messages } = HELLO;

    expect(await client.messages.countTokens({ model, messages })).toMatchObject({
      input_tokens: 14,
    });
  });

  it("names its betas", async () => {
    const { requests, fetch } = recordingProvider(() => recordedAnswer("message-plain.json"));
    const client = sdk(fakeServices({ fetch, database: opened }));

    await client.beta.messages.create({ ...HELLO, betas: ["files-api-2025-04-14"] });

    expect(requests[0]?.headers.get("anthropic-beta")).toBe("files-api-2025-04-14");
  });

  it("may send the memory key twice", async () => {
    const defaultHeaders = { authorization: `Bearer ${KEY}` };
    const client = sdk(answering("message-plain.json"), { defaultHeaders });

    expect((await client.messages.create(HELLO)).role).toBe("assistant");
  });

  it("reads the provider's request id", async () => {
    const fetch = async () => recordedAnswer("message-plain.json", { "request-id": "req_theirs" });
    const client = sdk(fakeServices({ fetch, database: opened }));

    const { request_id } = await client.messages.create(HELLO).withResponse();

    expect(request_id).toBe("req_theirs");
  });

  it("raises its own typed error for a key we refuse", async () => {
    const services = fakeServices({ database: { openMemoryKey: async () => null } });
    const failure = sdk(services).messages.create(HELLO);

    await expect(failure).rejects.toBeInstanceOf(AuthenticationError);
    await expect(failure).rejects.toMatchObject({
      type: "authentication_error",
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ["a field that is not allowed", { memory_mode: "all" }, BadRequestError],
    ["a model that nobody serves", { model: "nobody" }, NotFoundError],
  ])("raises its own typed error for %s", async (_, fields, type) => {
    const failure = sdk(fakeServices()).messages.create({ ...HELLO, ...fields });

    await expect(failure).rejects.toBeInstanceOf(type);
  });

  it("raises its own typed error for a provider without a key", async () => {
    const failure = sdk(fakeServices()).messages.create(HELLO);

    await expect(failure).rejects.toBeInstanceOf(UnprocessableEntityError);
  });

  it.each([
    [429, RateLimitError],
    [500, InternalServerError],
  ])("raises its own typed error for the provider's %i", async (status, type) => {
    const said = { type: "error", error: { type: "their_error", message: "No" } };
    const fetch = async () => Response.json(said, { status });
    const failure = sdk(fakeServices({ fetch, database: opened })).messages.create(HELLO);

    await expect(failure).rejects.toBeInstanceOf(type);
    await expect(failure).rejects.toMatchObject({ type: "their_error" });
  });

  it("raises the error that comes in the middle of a stream", async () => {
    const stream = sdk(answering("message-error.sse")).messages.stream(HELLO);

    await expect(stream.finalMessage()).rejects.toMatchObject({ type: "overloaded_error" });
  });

  it("does not repeat by itself what repeating cannot mend", async () => {
    const openMemoryKey = vi.fn<Database["openMemoryKey"]>(async () => null);
    const client = sdk(fakeServices({ database: { openMemoryKey } }), { maxRetries: 2 });

    await expect(client.messages.create(HELLO)).rejects.toBeInstanceOf(AuthenticationError);

    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });
});

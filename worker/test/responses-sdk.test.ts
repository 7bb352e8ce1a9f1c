import OpenAI, { AuthenticationError, NotFoundError, RateLimitError } from "openai";
import { describe, expect, it } from "vitest";

import { createApp } from "../src/app.ts";
import type { Database } from "../src/database/database.ts";
import type { Services } from "../src/services.ts";
import { KEY, WORDS, fakeServices } from "./fakes.ts";
import { recordedAnswer } from "./recorded-answers.ts";

/** The SDK our customers use, talking to the app instead of to the network. */
function sdk(services: Services) {
  const app = createApp(() => services);
  const outlive = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
  return new OpenAI({
    apiKey: KEY,
    maxRetries: 0,
    baseURL: "http://local/v1",
    fetch: async (url, init) => app.request(new Request(url, init), undefined, {}, outlive),
  });
}

/** A vault that remembers which responses it made. */
function remembering(fetch: typeof globalThis.fetch) {
  const made = new Map<string, string>();
  const database: Partial<Database> = {
    recordResponse: async (_key, { id, provider }) => void made.set(id, provider),
    findResponse: async (_key, id) => {
      const provider = made.get(id);
      if (provider === undefined) return null;
      return { provider, sessionId: null, history: { memoryIds: [], turnIds: [] } };
    },
  };
  return fakeServices({ fetch, database });
}

/** A day on which OpenAI gives this answer. */
const answering = (name: string) => fakeServices({ fetch: async () => recordedAnswer(name) });

const HELLO = { model: "gpt-5", input: WORDS };
const TOOLS: OpenAI.Responses.Tool[] = [
  { type: "function", name: "get_weather", parameters: {}, strict: true },
];

describe("OpenAI's SDK, in responses", () => {
  it("gets an answer in one piece", async () => {
    const response = await sdk(answering("response-plain.json")).responses.create(HELLO);

    expect(response.output_text).toBe('Hello! 😀 "How" can I assist\nyou today?');
    expect(response.usage?.input_tokens_details.cached_tokens).toBe(1024);
  });

  it("streams an answer", async () => {
    const stream = sdk(answering("response-plain.sse")).responses.stream(HELLO);

    const { output_text } = await stream.finalResponse();
    expect(output_text).toBe("Your dog is called Fenja 🐕, and she is drei Jahre alt…");
  });

  it.each(["response-tools.json", "response-tools.sse"])("calls tools: %s", async (name) => {
    const client = sdk(answering(name));
    const response = name.endsWith(".sse")
      ? await client.responses.stream({ ...HELLO, tools: TOOLS }).finalResponse()
      : await client.responses.create({ ...HELLO, tools: TOOLS });

    expect(response.output.find(({ type }) => type === "function_call")).toMatchObject({
      name: "get_weather",
      arguments: '{"city":"Oslo"}',
    });
  });

  it("streams a refusal, and an answer that is cut short", async () => {
    const refused = await sdk(answering("response-refusal.sse"))
      .responses.stream(HELLO)
      .finalResponse();
    const cut = await sdk(answering("response-incomplete.sse"))
      .responses.stream(HELLO)
      .finalResponse();

    expect(refused.output).toMatchObject([{ content: [{ type: "refusal" }] }]);
    expect(cut.incomplete_details?.reason).toBe("max_output_tokens");
  });

  it("goes on with a response, reads, cancels and deletes it, and what it answered", async () => {
    const asked: string[] = [];
    const client = sdk(
      remembering(async (input, init) => {
        asked.push(`${init?.method} ${new URL(new Request(input).url).pathname}`);
        return recordedAnswer("response-plain.json");
      }),
    );

    const { id } = await client.responses.create(HELLO);
    await client.responses.create({ ...HELLO, previous_response_id: id });
    await client.responses.retrieve(id);
    await client.responses.inputItems.list(id);
    await client.responses.cancel(id);
    await client.responses.delete(id);

    expect(asked).toEqual([
      "POST /v1/responses",
      "POST /v1/responses",
      `GET /v1/responses/${id}`,
      `GET /v1/responses/${id}/input_items`,
      `POST /v1/responses/${id}/cancel`,
      `DELETE /v1/responses/${id}`,
    ]);
  });

  it("raises its own typed error for a response of somebody else's", async () => {
    const { responses } = sdk(answering("response-plain.json"));

    for (const failure of [
      responses.create({ ...HELLO, previous_response_id: "resp_1" }),
      responses.retrieve("resp_1"),
      responses.cancel("resp_1"),
      responses.delete("resp_1"),
    ]) {
      await expect(failure).rejects.toBeInstanceOf(NotFoundError);
      await expect(failure).rejects.toMatchObject({ code: "response_not_found" });
    }
  });

  it("raises its own typed errors for what we and the provider refuse", async () => {
    const closed = fakeServices({ database: { openMemoryKey: async () => null } });
    const busy = fakeServices({
      fetch: async () => Response.json({ error: { code: "their_code" } }, { status: 429 }),
    });

    await expect(sdk(closed).responses.create(HELLO)).rejects.toBeInstanceOf(AuthenticationError);
    await expect(sdk(busy).responses.create(HELLO)).rejects.toBeInstanceOf(RateLimitError);
    await expect(sdk(busy).responses.create(HELLO)).rejects.toMatchObject({ code: "their_code" });
  });

  it("raises the error that comes in the middle of a stream", async () => {
    const stream = sdk(answering("response-error.sse")).responses.stream(HELLO);

    await expect(stream.finalResponse()).rejects.toThrow("The server had an error");
  });
});

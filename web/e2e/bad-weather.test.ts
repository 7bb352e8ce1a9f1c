import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mintKey, search } from "./support/api.ts";
import {
  type FakeProvider,
  beginStream,
  completion,
  events,
  sendJson,
  startFakeProvider,
} from "./support/fake-provider.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { type TestStack, startTestStack } from "./support/test-stack.ts";

let provider: FakeProvider;
let database: FaultProxy;
let stack: TestStack;

beforeAll(async () => {
  provider = await startFakeProvider();
  stack = await startTestStack({
    upstreams: { openai: provider.url },
    web: "none",
    workerSupabaseUrl: async (url) => {
      database = await startFaultProxy(url);
      return database.url;
    },
  });
});

afterAll(async () => {
  await stack?.stop();
  await database?.stop();
  await provider?.stop();
});

/** A key whose requests carry the provider key themselves. */
function client(memoryKey: string) {
  return new OpenAI({
    apiKey: memoryKey,
    baseURL: `${stack.api}/v1`,
    maxRetries: 0,
    defaultHeaders: { "X-Provider-Key": "sk-good-0000000000000000000000000000" },
  });
}

describe("A client that hangs up after the third event of twenty", () => {
  it("has its whole answer remembered", async () => {
    const key = await mintKey(stack);
    const words = Array.from({ length: 20 }, (_, index) => `word${index} `);
    const parts = events(words);
    let release = () => {};
    const hungUp = new Promise<void>((resolve) => (release = resolve));
    provider.answer = async (_, response) => {
      beginStream(response);
      for (const part of parts.slice(0, 3)) response.write(part);
      await hungUp;
      for (const part of parts.slice(3)) response.write(part);
      response.end();
    };

    const stream = await client(key).chat.completions.create({
      model: "openai/gpt-4o",
      stream: true,
      messages: [{ role: "user", content: "Count the lighthouses for me" }],
    });
    let heard = 0;
    for await (const _ of stream) {
      heard += 1;
      if (heard === 3) break;
    }
    release();

    await expect
      .poll(() => search(stack, key, "lighthouses word19"), { timeout: 20_000 })
      .toEqual(expect.arrayContaining([`assistant: ${words.join("")}`]));
    expect(await search(stack, key, "lighthouses")).toContain("user: Count the lighthouses for me");
  });
});

describe("A database that goes away in the middle of a request", () => {
  it("costs the client nothing, and the turn is stored once when it is back", async () => {
    const key = await mintKey(stack);
    await client(key).models.list();
    let release = () => {};
    const gone = new Promise<void>((resolve) => (release = resolve));
    provider.answer = async (_, response) => {
      await gone;
      sendJson(response, completion("Porto is lovely in spring."));
    };

    const answering = client(key).chat.completions.create({
      model: "openai/gpt-4o",
      messages: [{ role: "user", content: "I am moving to Porto in April" }],
    });
    await expect.poll(() => provider.requests.length, { timeout: 10_000 }).toBeGreaterThan(0);
    database.isAway = true;
    release();

    const answer = await answering;
    expect(answer.choices[0]?.message.content).toBe("Porto is lovely in spring.");
    await expect
      .poll(() => database.refused.filter((path) => path.includes("complete_turn")).length, {
        timeout: 20_000,
      })
      .toBeGreaterThanOrEqual(3);

    database.isAway = false;
    await expect
      .poll(async () => (await search(stack, key, "Porto April spring")).toSorted(), {
        timeout: 40_000,
      })
      .toEqual(["assistant: Porto is lovely in spring.", "user: I am moving to Porto in April"]);
  });
});

import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  UnprocessableEntityError,
} from "openai";
import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { mintKey, search } from "./support/api.ts";
import { type FakeProvider, startFakeProvider } from "./support/fake-provider.ts";
import { type TestStack, startTestStack } from "./support/test-stack.ts";

let provider: FakeProvider;
let stack: TestStack;

beforeAll(async () => {
  provider = await startFakeProvider();
  stack = await startTestStack({ upstreams: { openai: provider.url }, web: "none" });
});

afterAll(async () => {
  await stack?.stop();
  await provider?.stop();
});

beforeEach(() => {
  provider.requests.length = 0;
});

const WELL_FORMED = {
  model: "openai/gpt-4o",
  messages: [{ role: "user" as const, content: "Hi" }],
};

function client(apiKey: string, headers: Record<string, string> = {}) {
  return new OpenAI({ apiKey, baseURL: `${stack.api}/v1`, maxRetries: 0, defaultHeaders: headers });
}

const withProviderKey = { "X-Provider-Key": "sk-good-000000000000000000000000000000000" };

/** Sends bytes that no SDK would send, and reads the refusal. */
async function send(body: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(`${stack.api}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${stack.demo.memoryKey}`,
      "content-type": "application/json",
      ...withProviderKey,
      ...headers,
    },
    body,
  });
  return { status: response.status, json: (await response.json()) as unknown };
}

const refusal = (code: string) => ({
  error: expect.objectContaining({
    code,
    message: expect.any(String),
    request_id: expect.any(String),
  }),
});

describe("A request that cannot be served", () => {
  it.each([
    ["a key of another kind", "sk-not-ours"],
    ["a forged checksum", `mk_${"A".repeat(43)}000000`],
    // The checksum of 43 zeros is right; nobody has ever been given this key.
    ["a key nobody has", "mk_" + "0".repeat(43) + "4NvClr"],
  ])("raises the SDK's own AuthenticationError for %s", async (_, apiKey) => {
    const failure = client(apiKey, withProviderKey).chat.completions.create(WELL_FORMED);
    await expect(failure).rejects.toBeInstanceOf(AuthenticationError);
    await expect(failure).rejects.toMatchObject({ status: 401, code: "invalid_memory_key" });
    expect(provider.requests).toEqual([]);
  });

  it("is refused without any key", async () => {
    const { status, json } = await send(JSON.stringify(WELL_FORMED), { authorization: "" });
    expect(status).toBe(401);
    expect(json).toEqual(refusal("invalid_memory_key"));
    expect(provider.requests).toEqual([]);
  });

  it.each([
    ["broken JSON", '{"model": "gpt-4o", "messages": [}'],
    [
      "JSON that is 2,000 levels deep",
      `{"model":"gpt-4o","messages":${"[".repeat(2000)}${"]".repeat(2000)}}`,
    ],
    ["a body without a model", JSON.stringify({ messages: WELL_FORMED.messages })],
    ["a body without messages", JSON.stringify({ model: "gpt-4o" })],
    ["no body at all", ""],
  ])("answers invalid_request for %s", async (_, body) => {
    const { status, json } = await send(body);
    expect(status).toBe(400);
    expect(json).toEqual(refusal("invalid_request"));
    expect(provider.requests).toEqual([]);
  });

  it("raises the SDK's own BadRequestError for a missing field", async () => {
    const failure = client(stack.demo.memoryKey, withProviderKey).chat.completions.create({
      ...WELL_FORMED,
      messages: [],
    });
    await expect(failure).rejects.toBeInstanceOf(BadRequestError);
  });

  it("raises the SDK's own NotFoundError for a model nobody serves", async () => {
    const failure = client(stack.demo.memoryKey, withProviderKey).chat.completions.create({
      ...WELL_FORMED,
      model: "no-such-model",
    });
    await expect(failure).rejects.toBeInstanceOf(NotFoundError);
    await expect(failure).rejects.toMatchObject({ code: "model_not_found" });
    expect(provider.requests).toEqual([]);
  });

  it("names the provider whose key is missing", async () => {
    const failure = client(stack.demo.memoryKey).chat.completions.create(WELL_FORMED);
    await expect(failure).rejects.toBeInstanceOf(UnprocessableEntityError);
    await expect(failure).rejects.toMatchObject({
      code: "provider_key_missing",
      message: expect.stringMatching(/openai/i),
    });
    expect(provider.requests).toEqual([]);
  });

  it("answers body_too_large for 33 MB", async () => {
    const failure = client(stack.demo.memoryKey, withProviderKey).chat.completions.create({
      ...WELL_FORMED,
      messages: [{ role: "user", content: "a".repeat(33 * 1024 * 1024) }],
    });
    await expect(failure).rejects.toBeInstanceOf(APIError);
    await expect(failure).rejects.toMatchObject({ status: 413, code: "body_too_large" });
    expect(provider.requests).toEqual([]);
  });
});

describe("Text that a database cannot hold", () => {
  it("is remembered without what nobody can see", async () => {
    const key = await mintKey(stack);
    const messages = [
      { role: "user" as const, name: "A\u0000da", content: "My boat is\u0000 called Vela" },
    ];
    const answer = await client(key, withProviderKey)
      .chat.completions.create({ model: "openai/gpt-4o\u0000", messages })
      .withResponse();
    expect(answer.response.headers.get("x-memory-status")).toBe("empty");
    await expect
      .poll(() => search(stack, key, "boat Vela\u0000"), { timeout: 10_000 })
      .toContain("user: My boat is called Vela");
  });
});

describe("A revoked key", () => {
  it("is dead within 60 seconds", async () => {
    const key = await mintKey(stack);
    await client(key, withProviderKey).chat.completions.create(WELL_FORMED);
    const asked = performance.now();

    const owner = createClient(stack.supabaseUrl, stack.publishableKey, {
      auth: { persistSession: false },
    });
    await owner.auth.signInWithPassword({ email: stack.demo.email, password: stack.demo.password });
    await owner
      .from("memory_keys")
      .update({ is_active: false })
      .eq("name", "a fresh vault")
      .throwOnError();

    const isDead = async () => {
      const answer = client(key, withProviderKey).chat.completions.create(WELL_FORMED);
      return await answer.then(
        () => false,
        (failure: unknown) => failure instanceof AuthenticationError,
      );
    };
    await expect.poll(isDead, { timeout: 62_000, interval: 1_000 }).toBe(true);
    expect(performance.now() - asked).toBeLessThan(61_000);
  }, 70_000);
});

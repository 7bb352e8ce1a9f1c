import { describe, expect, it } from "vitest";

import { KEY, chat, fakeServices, recordingProvider, send } from "./fakes.ts";

const MEGABYTE = 1024 * 1024;

/** A body without a declared length, and how much of it was taken. */
function endless(megabytes: number) {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken === megabytes) controller.close();
      else controller.enqueue(new Uint8Array(MEGABYTE).fill(0x20));
      taken += 1;
    },
  });
  return { body, taken: () => taken };
}

type Body = { body: ReadableStream<Uint8Array>; headers?: Record<string, string> };

const streaming = ({ body, headers }: Body): RequestInit & { duplex: "half" } => ({
  method: "POST",
  body,
  headers: { authorization: `Bearer ${KEY}`, ...headers },
  duplex: "half",
});

describe("a body", () => {
  it("of 33 MB is refused by its declared length, unread", async () => {
    const { body, taken } = endless(33);
    const headers = { "content-length": String(33 * MEGABYTE) };

    const { status, json } = await send(
      fakeServices(),
      "/v1/chat/completions",
      streaming({ body, headers }),
    );

    expect(status).toBe(413);
    expect(json()).toMatchObject({ error: { code: "body_too_large" } });
    expect(taken()).toBeLessThan(3);
  });

  it("of 100 MB without a length is refused as soon as it is too much", async () => {
    const { body, taken } = endless(100);

    const { status } = await send(fakeServices(), "/v1/chat/completions", streaming({ body }));

    expect(status).toBe(413);
    expect(taken()).toBeLessThan(36);
  });

  it("of 31.9 MB is forwarded whole", async () => {
    const { requests, fetch } = recordingProvider();
    const padding = "x".repeat(Math.floor(31.9 * MEGABYTE) - 100);
    const sent = JSON.stringify({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Hi" }],
      padding,
    });

    const { status } = await chat(fakeServices({ fetch }), sent, { "x-memory-mode": "off" });

    expect(status).toBe(200);
    expect(requests[0]?.body.length).toBe(sent.length);
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])(
    "that is compressed by %s is refused",
    async (encoding) => {
      const { status, json } = await chat(fakeServices(), {}, { "content-encoding": encoding });

      expect(status).toBe(400);
      expect(json()).toMatchObject({
        error: { code: "invalid_request", param: "Content-Encoding" },
      });
    },
  );

  it("that breaks off half-way reaches no provider", async () => {
    const { requests, fetch } = recordingProvider();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("the client left"));
      },
    });

    const { status } = await send(
      fakeServices({ fetch }),
      "/v1/chat/completions",
      streaming({ body }),
    );

    expect(status).toBe(400);
    expect(requests).toEqual([]);
  });

  it.each([
    ["nothing", "", null],
    ["broken JSON", '{"model": "gpt-4o", ', null],
    ["a list", "[]", null],
    [
      "JSON 2,000 levels deep",
      `{"model":"gpt-4o","messages":${"[".repeat(2000)}${"]".repeat(2000)}}`,
      null,
    ],
    ["no model", '{"messages":[{"role":"user","content":"Hi"}]}', "model"],
    ["no messages", '{"model":"gpt-4o"}', "messages"],
    ["messages that are none", '{"model":"gpt-4o","messages":"Hi"}', "messages"],
    [
      "a budget that is none",
      '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"memory_token_budget":-1}',
      "memory_token_budget",
    ],
  ])("with %s is a 400 and reaches no provider", async (_name, sent, param) => {
    const { requests, fetch } = recordingProvider();

    const { status, json } = await chat(fakeServices({ fetch }), sent);

    expect(status).toBe(400);
    expect(json()).toMatchObject({
      error: { code: "invalid_request", param, type: "invalid_request_error" },
    });
    expect(requests).toEqual([]);
  });

  it("with a model that nobody serves is a 404", async () => {
    const { status, json } = await chat(fakeServices(), { model: "nobody" });

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "model_not_found", param: "model" } });
  });

  it("for a provider that the account has no key of is a 422 that names it", async () => {
    const { status, json } = await chat(fakeServices(), { model: "claude-opus-4-1" });

    expect(status).toBe(422);
    expect(json()).toMatchObject({
      error: { code: "provider_key_missing", message: expect.stringContaining("Anthropic") },
    });
  });
});

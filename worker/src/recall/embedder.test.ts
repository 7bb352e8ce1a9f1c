import { describe, expect, it, vi } from "vitest";

import { createEmbedder, embeddingModelNumber, EMBEDDING_DIMENSIONS } from "./embedder.ts";

const patience = () => new AbortController().signal;

/** A vector that points along one axis, so that two texts can be told apart. */
const along = (axis: number): number[] =>
  Array.from({ length: EMBEDDING_DIMENSIONS }, (_, index) => (index === axis ? 1 : 0));

const answering = (data: readonly object[]) =>
  vi.fn<typeof fetch>(async () => Response.json({ object: "list", data, model: "use-lite-512" }));

const embedderOn = (fetch: typeof globalThis.fetch) =>
  createEmbedder({ baseUrl: "http://embedder/v1", apiKey: "local", model: "use-lite-512", fetch });

/** What the last request to the embedder said. */
const asked = (fetch: ReturnType<typeof answering>) => {
  const [url, init] = fetch.mock.lastCall ?? [];
  const body = typeof init?.body === "string" ? init.body : "";
  return { url, body };
};

const entry = (index: number, embedding: readonly (number | null)[] = along(index)) => ({
  object: "embedding",
  index,
  embedding,
});

describe("An embedder", () => {
  it("asks for 512 dimensions of the configured model", async () => {
    const fetch = answering([entry(0)]);

    await embedderOn(fetch)(["Where do I live?"], patience());

    const { url, body } = asked(fetch);
    expect(url).toBe("http://embedder/v1/embeddings");
    expect(JSON.parse(body)).toEqual({
      model: "use-lite-512",
      input: ["Where do I live?"],
      dimensions: 512,
      encoding_format: "float",
    });
  });

  it("answers vectors in the order of the texts", async () => {
    const embed = embedderOn(answering([entry(1), entry(0)]));
    expect(await embed(["one", "two"], patience())).toEqual([along(0), along(1)]);
  });

  it("asks nobody for no texts", async () => {
    const fetch = answering([]);
    expect(await embedderOn(fetch)([], patience())).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("sends no more of a long text than every vendor takes", async () => {
    const fetch = answering([entry(0)]);

    await embedderOn(fetch)(["word ".repeat(100_000)], patience());

    expect(asked(fetch).body.length).toBeLessThan(21_000);
  });

  it.each([
    ["too few vectors", [entry(0)]],
    ["two vectors for one text", [entry(0), entry(0)]],
    ["a vector of another length", [entry(0), entry(1, [1, 2, 3])]],
    ["a vector with a hole", [entry(0), entry(1, along(1).with(5, Number.NaN))]],
    ["a vector of zeros", [entry(0), entry(1, along(EMBEDDING_DIMENSIONS))]],
  ])("refuses %s", async (_name, data) => {
    await expect(embedderOn(answering(data))(["one", "two"], patience())).rejects.toThrow(
      /^The embedder answered/,
    );
  });

  it("tries once when the service is down", async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response("", { status: 503 }));
    await expect(embedderOn(fetch)(["one"], patience())).rejects.toThrow("503");
    expect(fetch).toHaveBeenCalledOnce();
  });

  it("gives up as soon as the caller does", async () => {
    const deadline = new AbortController();
    const fetch = vi.fn<typeof globalThis.fetch>(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    );

    const answer = embedderOn(fetch)(["one"], deadline.signal);
    deadline.abort();

    await expect(answer).rejects.toThrow(/abort/i);
  });
});

describe("embeddingModelNumber", () => {
  it("keeps the number a model was given", () => {
    expect(embeddingModelNumber("text-embedding-3-small")).toBe(1);
    expect(embeddingModelNumber("use-lite-512")).toBe(2);
  });

  it.each(["text-embedding-9", "toString"])("says which models it knows instead of %s", (model) => {
    expect(() => embeddingModelNumber(model)).toThrow(/text-embedding-3-small, use-lite-512/);
  });
});

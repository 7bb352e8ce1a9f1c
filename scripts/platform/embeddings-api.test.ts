import OpenAI, { BadRequestError } from "openai";
import { describe, expect, it } from "vitest";

import { createEmbeddingsApi, LOCAL_EMBEDDINGS_MODEL } from "./embeddings-api.ts";

const VECTOR = [0.25, -0.5, 1];

/** OpenAI's client, talking to the app instead of to the network. */
function client() {
  const app = createEmbeddingsApi(async (texts) => texts.map(() => VECTOR));
  return new OpenAI({
    apiKey: "local",
    baseURL: "http://local/v1",
    maxRetries: 0,
    fetch: async (url, init) => app.request(new Request(url, init)),
  });
}

describe("the embeddings endpoint", () => {
  it("gives OpenAI's client the base64 it asks for by default", async () => {
    const { data } = await client().embeddings.create({
      model: LOCAL_EMBEDDINGS_MODEL,
      input: ["one", "two"],
    });
    expect(data.map(({ embedding }) => embedding)).toEqual([VECTOR, VECTOR]);
  });

  it("gives numbers to who asks for them", async () => {
    const { data, usage } = await client().embeddings.create({
      model: LOCAL_EMBEDDINGS_MODEL,
      input: "one",
      encoding_format: "float",
      dimensions: 512,
    });
    expect(data[0]?.embedding).toEqual(VECTOR);
    expect(usage.total_tokens).toBe(1);
  });

  it.each([
    { model: "text-embedding-3-small", input: "one" },
    { model: LOCAL_EMBEDDINGS_MODEL, input: "one", dimensions: 256 },
    { model: LOCAL_EMBEDDINGS_MODEL, input: [] },
  ])("refuses what would give vectors nobody can compare: %o", async (body) => {
    await expect(client().embeddings.create(body)).rejects.toBeInstanceOf(BadRequestError);
  });
});

/** OpenAI's embeddings endpoint, as far as its own clients use it. */

import { Hono } from "hono";
import { z } from "zod";

import { DIMENSIONS, type Embed } from "./embedding-queue.ts";

/** What the database records beside each vector: vectors of different models are never compared. */
export const LOCAL_EMBEDDINGS_MODEL = "use-lite-512";

const requestSchema = z.object({
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
  model: z.literal(LOCAL_EMBEDDINGS_MODEL),
  dimensions: z.literal(DIMENSIONS).optional(),
  // OpenAI's client asks for base64 and decodes it without being told to.
  encoding_format: z.enum(["float", "base64"]).default("float"),
  user: z.string().optional(),
});

export function createEmbeddingsApi(embed: Embed): Hono {
  const app = new Hono();

  app.get("/v1/models", (c) =>
    c.json({
      object: "list",
      data: [{ id: LOCAL_EMBEDDINGS_MODEL, object: "model", created: 0, owned_by: "local" }],
    }),
  );

  app.post("/v1/embeddings", async (c) => {
    const parsed = requestSchema.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return c.json(invalid(z.prettifyError(parsed.error)), 400);
    const { input, encoding_format } = parsed.data;

    const texts = typeof input === "string" ? [input] : input;
    const vectors = await embed(texts);
    const tokens = Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4);

    return c.json({
      object: "list",
      model: LOCAL_EMBEDDINGS_MODEL,
      data: vectors.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: encoding_format === "base64" ? toBase64(vector) : vector,
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  });

  return app;
}

const toBase64 = (vector: readonly number[]) =>
  Buffer.from(Float32Array.from(vector).buffer).toString("base64");

const invalid = (message: string) => ({
  error: { code: "invalid_request", message, type: "invalid_request_error", param: null },
});

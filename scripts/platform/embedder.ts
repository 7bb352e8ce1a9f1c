/** Where the worker gets its vectors: our own embedder, or any that speaks OpenAI's API. */

import { fileURLToPath } from "node:url";

import { z } from "zod";

import { LOCAL_EMBEDDINGS_MODEL } from "./embeddings-api.ts";
import { type PartContext, startPart } from "./part.ts";
import { loopbackUrl } from "./ports.ts";

/** How to reach one. */
export type EmbedderAccess = {
  /** Up to and including `/v1`. */
  readonly url: string;
  readonly model: string;
  readonly apiKey: string;
};

export type Embedder = { readonly stop: () => Promise<void> };

/** Our own, also before it has started. */
export const localEmbedder = (port: number): EmbedderAccess => ({
  url: `${loopbackUrl(port)}/v1`,
  model: LOCAL_EMBEDDINGS_MODEL,
  apiKey: "local",
});

export async function startEmbedder(context: PartContext, port: number): Promise<Embedder> {
  return startPart(context, {
    name: "embedder",
    file: fileURLToPath(new URL("embedder-host.ts", import.meta.url)),
    input: { port },
    ready: z.object({}),
  });
}

/** One that somebody else runs, with OpenAI's as the default model. */
export function outsideEmbedder(
  url: string,
  options: { readonly model: string | null; readonly apiKey: string | null },
): EmbedderAccess {
  return {
    url: url.replace(/\/$/, ""),
    model: options.model ?? "text-embedding-3-small",
    apiKey: options.apiKey ?? "none",
  };
}

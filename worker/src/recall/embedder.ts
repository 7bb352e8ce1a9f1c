/**
 * Texts to vectors, through any service that speaks OpenAI's `/embeddings`.
 *
 * One try under the caller's deadline: a recall that waits for a second try is later than one on
 * words alone. What comes back is checked, since a vector of the wrong length or with a hole in it
 * would be stored and poison every comparison after it.
 */

import OpenAI from "openai";

import { cutToTokens } from "./estimate-tokens.ts";

/** As many as `halfvec(512)` holds inline, and as OpenAI's small model gives when asked to. */
export const EMBEDDING_DIMENSIONS = 512;

/**
 * The number a vector is stored under says which model made it: vectors of two models are never
 * compared. A number once given keeps its meaning; a new model is a new row.
 */
const NUMBER_BY_MODEL = {
  "text-embedding-3-small": 1,
  "use-lite-512": 2,
} as const;

/** OpenAI refuses texts over 8,192 tokens. The margin is for what an estimate misses. */
const MAX_TEXT_TOKENS = 4_000;

export type Embed = (
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly (readonly number[])[]>;

export type EmbedderConfig = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly fetch: typeof fetch;
};

/** The number of a model by its name; throws for one that has no row. */
export function embeddingModelNumber(model: string): number {
  const row = Object.entries(NUMBER_BY_MODEL).find(([name]) => name === model);
  if (row) return row[1];
  const known = Object.keys(NUMBER_BY_MODEL).join(", ");
  throw new Error(`No number is kept for the embedding model ${model}. Known: ${known}.`);
}

export function createEmbedder({ baseUrl, apiKey, model, fetch }: EmbedderConfig): Embed {
  const client = new OpenAI({ apiKey, baseURL: baseUrl, fetch, maxRetries: 0 });

  return async (texts, signal) => {
    if (texts.length === 0) return [];
    const { data } = await client.embeddings.create(
      {
        model,
        input: texts.map((text) => cutToTokens(text, MAX_TEXT_TOKENS)),
        dimensions: EMBEDDING_DIMENSIONS,
        encoding_format: "float",
      },
      { signal },
    );
    if (data.length !== texts.length) {
      throw new Error(`The embedder answered ${data.length} vectors for ${texts.length} texts.`);
    }
    return data.toSorted((one, other) => one.index - other.index).map(checkedVector);
  };
}

function checkedVector({ embedding, index }: OpenAI.Embedding, place: number): readonly number[] {
  if (index !== place) throw new Error(`The embedder answered no vector for text ${place}.`);
  if (embedding.length !== EMBEDDING_DIMENSIONS) {
    throw new Error(
      `The embedder answered ${embedding.length} dimensions instead of ${EMBEDDING_DIMENSIONS}.`,
    );
  }
  // A vector of zeros has no direction, so its cosine with anything is not a number either.
  if (!embedding.every(Number.isFinite) || embedding.every((value) => value === 0)) {
    throw new Error("The embedder answered a vector without a direction.");
  }
  return embedding;
}

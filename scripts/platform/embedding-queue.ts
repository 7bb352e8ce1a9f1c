/** Puts texts in line for a model that takes one call at a time. */

import { setImmediate as nextTurn } from "node:timers/promises";

export type Embed = (texts: readonly string[]) => Promise<number[][]>;

export const DIMENSIONS = 512;

/** About 180 ms of work. What a text says stands at its beginning often enough. */
const MAX_CHARACTERS = 1000;
/** What a question may have to wait for: some 80 ms. */
const SLICE_TEXTS = 4;
const SLICE_CHARACTERS = 500;

type Waiting = {
  readonly texts: readonly string[];
  readonly vectors: number[][];
  readonly resolve: (vectors: number[][]) => void;
  readonly reject: (cause: unknown) => void;
};

/** A single text overtakes every batch, between two slices of it. */
export function createEmbeddingQueue(model: Embed): Embed {
  const singles: Waiting[] = [];
  const batches: Waiting[] = [];
  let isWorking = false;

  async function work(): Promise<void> {
    isWorking = true;
    for (;;) {
      const line = singles.length > 0 ? singles : batches;
      const [next] = line;
      if (next === undefined) break;
      try {
        await embedSlice(model, next);
        if (next.vectors.length < next.texts.length) continue;
        next.resolve(next.vectors);
      } catch (cause) {
        next.reject(cause);
      } finally {
        // Requests that arrived meanwhile are still in the socket: let them in.
        await nextTurn();
      }
      line.splice(line.indexOf(next), 1);
    }
    isWorking = false;
  }

  return (texts) =>
    new Promise((resolve, reject) => {
      const line = texts.length > 1 ? batches : singles;
      line.push({ texts: texts.map(prepare), vectors: [], resolve, reject });
      if (!isWorking) void work();
    });
}

/** White space says nothing, and long runs of one letter take the tokenizer quadratic time. */
function prepare(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, MAX_CHARACTERS).toWellFormed();
}

async function embedSlice(model: Embed, { texts, vectors }: Waiting): Promise<void> {
  const slice: string[] = [];
  let characters = 0;
  for (const text of texts.slice(vectors.length, vectors.length + SLICE_TEXTS)) {
    if (slice.length > 0 && characters + text.length > SLICE_CHARACTERS) break;
    slice.push(text);
    characters += text.length;
  }
  // The model throws at a text without words.
  const worded = slice.filter((text) => text !== "");
  const made = worded.length > 0 ? await model(worded) : [];
  for (const text of slice) vectors.push(text === "" ? nothing() : unit(made.shift() ?? []));
}

/** A direction like any other: it resembles no text, and it has a length, which a cosine needs. */
function nothing(): number[] {
  return Array.from({ length: DIMENSIONS }, (_, index) => (index === 0 ? 1 : 0));
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : nothing();
}

/** The vector of a question, which is often one that was asked before. */

import { createBoundedCache } from "../bounded-cache.ts";
import { sha256 } from "../digest.ts";
import type { Embed } from "./embedder.ts";

/** Past this nobody waits any more, but the vector is kept for when the question comes again. */
const EMBED_LIMIT_MS = 10_000;

const MAX_CACHED = 500;

export type EmbedQuestion = (question: string) => Promise<readonly number[]>;

export function createEmbedQuestion(embed: Embed): EmbedQuestion {
  const vectors = createBoundedCache<readonly number[]>(MAX_CACHED);

  return async (question) => {
    const name = await sha256(question);
    const known = vectors.get(name);
    if (known) return known;
    const [vector] = await embed([question], AbortSignal.timeout(EMBED_LIMIT_MS));
    if (!vector) throw new Error("The embedder answered no vector.");
    vectors.set(name, vector);
    return vector;
  };
}

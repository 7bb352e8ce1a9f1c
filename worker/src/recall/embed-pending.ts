/**
 * Gives vectors to the memories that wait for one.
 *
 * Text is stored first and is findable by its words at once; its vectors follow, right behind the
 * answer or by the sweep. A vault that goes by words alone never has any waiting: the database
 * does not name them.
 */

import { createBoundedCache } from "../bounded-cache.ts";
import type { NewVector, PendingVector } from "../database/vectors.ts";
import type { Embed } from "./embedder.ts";

export type EmbedPendingPorts = {
  readonly pendingVectors: (
    memoryKeyId: string,
    maxTexts: number,
  ) => Promise<readonly PendingVector[]>;
  readonly storeVectors: (
    memoryKeyId: string,
    model: number,
    vectors: readonly NewVector[],
  ) => Promise<number>;
  readonly keysAwaitingVectors: (maxKeys: number) => Promise<readonly string[]>;
  readonly embed: Embed;
  readonly model: number;
  readonly batchSize: number;
  readonly now: () => number;
};

/** Behind an answer the platform grants half a minute; a sweep leaves room for the next one. */
const BEHIND_ANSWER_MS = 20_000;
const SWEEP_MS = 50_000;
const EMBED_LIMIT_MS = 20_000;
const MAX_KEYS = 20;
const MAX_WORKING = 1_000;

/**
 * Who works on a vault, until when at the latest: it may be ended with its request at any moment.
 * Whoever comes meanwhile leaves it a note that there is more.
 */
type Work = { readonly endMs: number; hasMore: boolean };

export type EmbedPending = {
  /** Embeds what waits in one vault, as far as the time goes. */
  readonly inVault: (memoryKeyId: string) => Promise<void>;
  /** The same for every vault in which something waits. */
  readonly everywhere: () => Promise<void>;
};

export function createEmbedPending(ports: EmbedPendingPorts): EmbedPending {
  const { now, batchSize, model } = ports;
  const working = createBoundedCache<Work>(MAX_WORKING);

  /** One batch; how many texts it had. */
  const embedBatch = async (memoryKeyId: string): Promise<number> => {
    const pending = await ports.pendingVectors(memoryKeyId, batchSize);
    if (pending.length === 0) return 0;
    const texts = pending.map(({ text }) => text);
    const vectors = await ports.embed(texts, AbortSignal.timeout(EMBED_LIMIT_MS));
    const rows = pending.map(({ text: _text, ...place }, index) => ({
      ...place,
      embedding: JSON.stringify(vectors[index]),
    }));
    await ports.storeVectors(memoryKeyId, model, rows);
    return pending.length;
  };

  const embedUntil = async (memoryKeyId: string, endMs: number): Promise<void> => {
    const other = working.get(memoryKeyId);
    if (other && now() < other.endMs) {
      other.hasMore = true;
      return;
    }
    const work: Work = { endMs, hasMore: true };
    working.set(memoryKeyId, work);
    try {
      while (work.hasMore && now() < endMs) {
        work.hasMore = false;
        if ((await embedBatch(memoryKeyId)) === batchSize) work.hasMore = true;
      }
    } finally {
      working.delete(memoryKeyId);
    }
  };

  return {
    inVault: (memoryKeyId) => embedUntil(memoryKeyId, now() + BEHIND_ANSWER_MS),
    everywhere: async () => {
      const endMs = now() + SWEEP_MS;
      const failures: unknown[] = [];
      for (const memoryKeyId of await ports.keysAwaitingVectors(MAX_KEYS)) {
        // One vault's trouble is not its neighbours'.
        await embedUntil(memoryKeyId, endMs).catch((failure: unknown) => failures.push(failure));
      }
      if (failures.length > 0) throw new AggregateError(failures, "Not every vault was embedded.");
    },
  };
}

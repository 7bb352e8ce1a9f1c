/** The composition root: where every part of the worker meets what it needs. */

import type { Config } from "./config.ts";
import { isFinal, isUnavailable } from "./database/client.ts";
import type { Database } from "./database/database.ts";
import type { SetTimer } from "./deadline.ts";
import { createInFlight } from "./in-flight.ts";
import { type LeaseStore, createLeases } from "./keys/lease.ts";
import { createSeal } from "./keys/seal.ts";
import { logError, logEvent } from "./log.ts";
import { createListModels } from "./providers/list-models.ts";
import { createRegistry } from "./providers/registry.ts";
import { createSend } from "./providers/send.ts";
import { createBreaker } from "./recall/breaker.ts";
import { createEmbedPending } from "./recall/embed-pending.ts";
import { createEmbedQuestion } from "./recall/embed-question.ts";
import { type Embed, embeddingModelNumber } from "./recall/embedder.ts";
import { createSearchMemory } from "./recall/search.ts";
import type { Services } from "./services.ts";
import { createBeginTurn } from "./turns/begin.ts";
import { createStoreTurn } from "./turns/complete.ts";
import { createConsume } from "./turns/consume.ts";
import type { QueueMessage } from "./turns/queue-message.ts";
import { createRecordResponse } from "./turns/record-response.ts";

/** Everything that lies outside the worker, so that tests can stand in for it. */
export type Outside = {
  readonly fetch: typeof fetch;
  readonly database: Database;
  readonly embed: Embed;
  readonly leases: LeaseStore;
  readonly turns: { readonly send: (message: QueueMessage) => Promise<unknown> };
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: SetTimer;
};

/** The longest list of candidates that each signal may contribute. */
const MAX_CANDIDATES = 100;
const RECALL_LIMIT_MS = 10_000;

export function createServices(config: Config, outside: Outside): Services {
  const { fetch, database, leases, now, random, setTimer } = outside;
  const inFlight = createInFlight();
  const registry = createRegistry(config);
  const model = embeddingModelNumber(config.embeddings.model);
  const embedQuestion = createEmbedQuestion(outside.embed);
  const recallMemories = (memoryKeyId: string, text: string, vector: readonly number[] | null) =>
    database.recallMemories(
      memoryKeyId,
      { text, vector, model, maxCandidates: MAX_CANDIDATES },
      RECALL_LIMIT_MS,
    );

  return {
    dashboardOrigins: config.dashboardOrigins,
    localSecret: config.localSecret,
    limits: config.limits,
    inFlight,
    now,
    setTimer,
    registry,

    openKey: createLeases({
      environment: config.environment,
      store: leases,
      seal: createSeal(config.sealingKeys),
      openMemoryKey: database.openMemoryKey,
      isUnavailable,
      now,
      random,
      setTimer,
    }),
    mintKey: database.mintMemoryKey,

    send: createSend({ fetch, setTimer }),
    listModels: createListModels({ registry, fetch, setTimer }),

    ...turnServices(outside, config, { inFlight, embedQuestion, recallMemories }),

    searchMemory: createSearchMemory({ recallMemories, embedQuestion, setTimer }),
    storeBatch: (memoryKeyId, memories) => database.storeMemories(memoryKeyId, memories, "upload"),
    memoryStats: (key) => database.memoryStats(key.id),
    embedPending: createEmbedPending({
      ...database,
      embed: outside.embed,
      model,
      batchSize: config.embeddings.batchSize,
      now,
    }),
    checkHealth: createCheckHealth(outside),
  };
}

type Shared = {
  readonly inFlight: ReturnType<typeof createInFlight>;
  readonly embedQuestion: ReturnType<typeof createEmbedQuestion>;
  readonly recallMemories: Parameters<typeof createSearchMemory>[0]["recallMemories"];
};

function turnServices(
  { database, turns, now, setTimer }: Outside,
  { limits }: Config,
  { inFlight, embedQuestion, recallMemories }: Shared,
) {
  return {
    beginTurn: createBeginTurn({
      ...database,
      recallMemories,
      embedQuestion,
      breaker: createBreaker(now),
      limits,
      maxCandidates: MAX_CANDIDATES,
      now,
      setTimer,
      onFailure: (event, cause, requestId) => logError(event, cause, { requestId }),
    }),
    storeTurn: createStoreTurn({
      completeTurn: database.completeTurn,
      isFinal,
      enqueue: async (message) => {
        await turns.send(message);
        inFlight.queued(1);
      },
      setTimer,
      onLost: (cause, ids) => logError("memory_lost", cause, ids),
    }),
    consume: createConsume({
      ...database,
      isFinal,
      onDone: () => inFlight.consumed(1),
      onFailure: (event, cause, attempts) => logError(event, cause, { attempts }),
      isHurried: inFlight.isDraining,
    }),
    recordResponse: createRecordResponse({
      recordResponse: database.recordResponse,
      isFinal,
      setTimer,
      onLost: (cause, responseId) => logError("response_lost", cause, { responseId }),
    }),
    findResponse: database.findResponse,
    sweepTurns: async () => {
      const swept = await database.sweepTurns();
      if (swept > 0) logEvent("turns_swept", { swept });
      return swept;
    },
  };
}

/** Whoever asks is not asked for a key, so the answer is kept for as long as it is news. */
const HEALTH_MS = 5_000;

function createCheckHealth({ database, leases, now }: Outside): Services["checkHealth"] {
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let health = { database: false, cache: false };

  return async () => {
    if (now() - checkedAtMs < HEALTH_MS) return health;
    const [time, entry] = await Promise.allSettled([database.databaseTime(), leases.get("health")]);
    health = { database: time.status === "fulfilled", cache: entry.status === "fulfilled" };
    checkedAtMs = now();
    return health;
  };
}

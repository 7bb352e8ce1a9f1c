/**
 * Everything a route may ask for.
 *
 * Routes depend on this type and never on an implementation. `create-services.ts` is the only
 * place where the two meet.
 */

import type { Config } from "./config.ts";
import type { MintedKey, NewKey } from "./database/memory-keys.ts";
import type { MemoryStats } from "./database/memories.ts";
import type { KeptResponse } from "./database/responses.ts";
import type { SetTimer } from "./deadline.ts";
import type { InFlight } from "./in-flight.ts";
import type { OpenKey } from "./keys/lease.ts";
import type { MemoryKey } from "./keys/memory-key.ts";
import type { ListModels } from "./providers/list-models.ts";
import type { Registry } from "./providers/registry.ts";
import type { Send } from "./providers/send.ts";
import type { EmbedPending } from "./recall/embed-pending.ts";
import type { SearchMemory } from "./recall/search.ts";
import type { BegunTurn, TurnRequest } from "./turns/begun-turn.ts";
import type { StoreTurn } from "./turns/complete.ts";
import type { Consume } from "./turns/consume.ts";
import type { RecordResponse } from "./turns/record-response.ts";
import type { StoreBatch } from "./uploads/upload.ts";

export type Services = {
  readonly dashboardOrigins: readonly string[];
  /** Null where nobody may ask the worker to stop: everywhere but on the local stack. */
  readonly localSecret: string | null;
  readonly limits: Config["limits"];
  readonly inFlight: InFlight;
  readonly now: () => number;
  readonly setTimer: SetTimer;

  readonly openKey: OpenKey;
  readonly mintKey: (mintingKeyId: string, key: NewKey) => Promise<MintedKey>;

  readonly registry: Registry;
  readonly send: Send;
  readonly listModels: ListModels;

  readonly beginTurn: (request: TurnRequest) => Promise<BegunTurn>;
  readonly storeTurn: StoreTurn;
  readonly consume: Consume;
  readonly sweepTurns: () => Promise<number>;
  readonly recordResponse: RecordResponse;
  /** Null when the key made none of that id. */
  readonly findResponse: (memoryKeyId: string, responseId: string) => Promise<KeptResponse | null>;

  readonly searchMemory: SearchMemory;
  readonly storeBatch: StoreBatch;
  readonly memoryStats: (key: MemoryKey) => Promise<MemoryStats>;
  readonly embedPending: EmbedPending;

  readonly checkHealth: () => Promise<{ readonly database: boolean; readonly cache: boolean }>;
};

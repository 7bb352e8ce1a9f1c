/** What a turn is begun with, and what a begun turn offers to the request it belongs to. */

import type { Begun, Journal } from "../database/turns.ts";
import type { SetTimer } from "../deadline.ts";
import type { Call, DialectId } from "../dialects/dialect.ts";
import type { Outlive } from "../keys/lease.ts";
import type { MemoryKey } from "../keys/memory-key.ts";
import type { Breaker } from "../recall/breaker.ts";
import type { Matches } from "../recall/candidate.ts";
import type { EmbedQuestion } from "../recall/embed-question.ts";
import type { History } from "../recall/pack.ts";
import type { Steering } from "../steering.ts";
import type { Turn } from "./turn.ts";

export type TurnRequest = {
  readonly key: MemoryKey;
  readonly dialect: DialectId;
  readonly call: Call;
  readonly provider: string;
  readonly model: string;
  readonly steering: Steering;
  readonly storing: Storing;
  /** What the provider keeps of the conversation, where it keeps it. */
  readonly history: History | null;
  readonly requestId: string;
  /** The client says that it tries once more. */
  readonly isRetry: boolean;
  readonly idempotencyKey: string | null;
  readonly outlive: Outlive;
};

/** What of a turn may be kept, and why nothing of it may. */
export type Storing = {
  readonly user: boolean;
  readonly answer: boolean;
  /** Set when neither is kept. */
  readonly refusal: "mode" | "allowance" | "cap" | "request" | null;
};

export type BeginPorts = {
  readonly beginTurn: (
    memoryKeyId: string,
    turn: Turn,
    query: string | null,
    maxCandidates: number,
  ) => Promise<Begun>;
  readonly recallMemories: (
    memoryKeyId: string,
    question: string,
    vector: readonly number[],
  ) => Promise<Matches>;
  readonly journalBlock: (memoryKeyId: string, turnId: string, journal: Journal) => Promise<void>;
  readonly embedQuestion: EmbedQuestion;
  readonly breaker: Breaker;
  readonly limits: { readonly recallDeadlineMs: number; readonly embedDeadlineMs: number };
  readonly maxCandidates: number;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  readonly onFailure: (event: string, cause: unknown, requestId: string) => void;
};

/** What the response headers say about memory. */
export type MemoryReport = {
  readonly status: string;
  readonly tokens: number;
  readonly memories: number;
  readonly receiptId: string | null;
  readonly sessionId: string | null;
};

export type BegunTurn = {
  readonly turn: Turn;
  /** What the model is told, or null. */
  readonly block: string | null;
  readonly report: MemoryReport;
  /** The turn as the database has it, once it has said so; null when it never did. */
  readonly begun: Promise<Begun | null>;
  readonly recallMs: number;
  readonly embedMs: number | null;
  /** Writes the block into the journal, so that the turn's next step finds it. */
  readonly journal: () => Promise<void>;
};

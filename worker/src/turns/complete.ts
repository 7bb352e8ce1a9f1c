/**
 * Stores a finished turn: three tries, then the queue.
 *
 * Storing is idempotent, so a try whose answer was lost is repeated without harm.
 */

import type { Completed } from "../database/turns.ts";
import type { SetTimer } from "../deadline.ts";
import { insist } from "./insist.ts";
import { type QueueMessage, messagesOf } from "./queue-message.ts";
import type { Step, Turn } from "./turn.ts";

/** Where a turn is safe: in the database, in the queue, or nowhere. */
export type Safety = "true" | "queued" | "lost";

export type StoreTurnPorts = {
  readonly completeTurn: (
    memoryKeyId: string,
    turn: Turn,
    step: Step,
    limitMs: number,
  ) => Promise<Completed>;
  /** Whether a failure is the database's final word, which no repetition changes. */
  readonly isFinal: (failure: unknown) => boolean;
  readonly enqueue: (message: QueueMessage) => Promise<void>;
  readonly setTimer: SetTimer;
  /** Told of a turn that found no place. Ids only. */
  readonly onLost: (cause: unknown, ids: { turnId: string; requestId: string }) => void;
};

export type StoreTurn = (memoryKeyId: string, turn: Turn, step: Step) => Promise<Safety>;

export function createStoreTurn(ports: StoreTurnPorts): StoreTurn {
  return async (memoryKeyId, turn, step) => {
    const ids = { turnId: turn.turn_id, requestId: step.request_id };
    try {
      await insist((limitMs) => ports.completeTurn(memoryKeyId, turn, step, limitMs), ports);
      return "true";
    } catch (failure) {
      if (ports.isFinal(failure)) {
        ports.onLost(failure, ids);
        return "lost";
      }
    }
    try {
      for (const message of messagesOf(memoryKeyId, turn, step)) await ports.enqueue(message);
      return "queued";
    } catch (failure) {
      ports.onLost(failure, ids);
      return "lost";
    }
  };
}

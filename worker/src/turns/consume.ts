/**
 * Takes finished turns out of the queue and into the database, once it is back.
 *
 * Messages are answered one by one: a bad one never holds up its neighbours. What this version
 * does not understand is left for another to read, and ends in the dead-letter queue otherwise.
 */

import type { Completed, Piece } from "../database/turns.ts";
import { parseQueueMessage } from "./queue-message.ts";
import type { Step, Turn } from "./turn.ts";

/** The part of a queue's message that the consumer needs. */
export type Delivery = {
  readonly body: unknown;
  readonly attempts: number;
  readonly ack: () => void;
  readonly retry: (options: { delaySeconds: number }) => void;
};

export type ConsumePorts = {
  readonly completeTurn: (
    memoryKeyId: string,
    turn: Turn,
    step: Step,
    limitMs: number,
  ) => Promise<Completed>;
  readonly receiveTurnPiece: (memoryKeyId: string, piece: Piece, limitMs: number) => Promise<void>;
  readonly isFinal: (failure: unknown) => boolean;
  /** A message that is not tried again. */
  readonly onDone: () => void;
  readonly onFailure: (event: string, cause: unknown, attempts: number) => void;
  /** A stack that is about to stop cannot wait for minutes. */
  readonly isHurried: () => boolean;
};

const LIMIT_MS = 10_000;
const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 900;

export type Consume = (deliveries: readonly Delivery[]) => Promise<void>;

export function createConsume(ports: ConsumePorts): Consume {
  const again = ({ attempts, retry }: Delivery) => {
    const grown = FIRST_DELAY_SECONDS * 2 ** Math.max(0, attempts - 1);
    retry({ delaySeconds: ports.isHurried() ? 0 : Math.min(grown, MAX_DELAY_SECONDS) });
  };

  const consumeOne = async (delivery: Delivery): Promise<void> => {
    const message = parseQueueMessage(delivery.body);
    if (!message) {
      ports.onFailure("queue_message_unknown", null, delivery.attempts);
      again(delivery);
      return;
    }
    try {
      if (message.kind === "turn") {
        await ports.completeTurn(message.memory_key_id, message.turn, message.step, LIMIT_MS);
      } else {
        const { turn_id: turnId, step_key: stepKey, piece, pieces, payload } = message;
        await ports.receiveTurnPiece(
          message.memory_key_id,
          { turnId, stepKey, piece, pieces, payload },
          LIMIT_MS,
        );
      }
    } catch (failure) {
      ports.onFailure("queue_message_failed", failure, delivery.attempts);
      if (!ports.isFinal(failure)) {
        again(delivery);
        return;
      }
    }
    delivery.ack();
    ports.onDone();
  };

  return async (deliveries) => {
    await Promise.all(deliveries.map(consumeOne));
  };
}

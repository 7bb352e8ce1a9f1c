import { describe, expect, it, vi } from "vitest";

import { KEY_ID, databaseIsDown } from "../../test/fakes.ts";
import { STEP, TURN } from "../../test/turns.ts";
import { DatabaseFailure, isFinal } from "../database/client.ts";
import { type ConsumePorts, type Delivery, createConsume } from "./consume.ts";
import { messagesOf } from "./queue-message.ts";

const [WHOLE] = messagesOf(KEY_ID, TURN, STEP);
const HEAVY = { ...STEP, answer: "x".repeat(200_000) };

function delivery(body: unknown, attempts = 1) {
  return { body, attempts, ack: vi.fn<Delivery["ack"]>(), retry: vi.fn<Delivery["retry"]>() };
}

function consuming(overrides: Partial<ConsumePorts> = {}) {
  const completeTurn = vi.fn<ConsumePorts["completeTurn"]>(
    overrides.completeTurn ??
      (async () => ({ isStored: true, turnId: TURN.turn_id, sessionId: "seed" })),
  );
  const receiveTurnPiece = vi.fn<ConsumePorts["receiveTurnPiece"]>(
    overrides.receiveTurnPiece ?? (async () => {}),
  );
  const onDone = vi.fn<() => void>();
  const consume = createConsume({
    isFinal,
    onDone,
    onFailure: () => {},
    isHurried: () => false,
    ...overrides,
    completeTurn,
    receiveTurnPiece,
  });
  return { consume, completeTurn, receiveTurnPiece, onDone };
}

describe("the queue's consumer", () => {
  it("stores a turn and is done with it", async () => {
    const { consume, completeTurn, onDone } = consuming();
    const message = delivery(WHOLE);

    await consume([message]);

    expect(completeTurn).toHaveBeenCalledWith(KEY_ID, TURN, STEP, expect.any(Number));
    expect(message.ack).toHaveBeenCalledTimes(1);
    expect(message.retry).not.toHaveBeenCalled();
    expect(onDone).toHaveBeenCalledTimes(1);
  });

  it("hands pieces on as they come", async () => {
    const { consume, receiveTurnPiece, completeTurn } = consuming();
    const messages = messagesOf(KEY_ID, TURN, HEAVY).map((message) => delivery(message));

    await consume(messages);

    expect(messages.length).toBeGreaterThan(1);
    expect(receiveTurnPiece).toHaveBeenCalledTimes(messages.length);
    expect(completeTurn).not.toHaveBeenCalled();
  });

  it("comes back later, and later still, while the database is away", async () => {
    const { consume, onDone } = consuming({ completeTurn: databaseIsDown });
    const deliveries = [1, 2, 3, 12].map((attempts) => delivery(WHOLE, attempts));

    await consume(deliveries);

    const delays = deliveries.map(({ retry }) => retry.mock.lastCall?.[0].delaySeconds);
    expect(delays).toEqual([5, 10, 20, 900]);
    expect(onDone).not.toHaveBeenCalled();
  });

  it("does not wait when the stack is about to stop", async () => {
    const { consume } = consuming({ completeTurn: databaseIsDown, isHurried: () => true });
    const message = delivery(WHOLE, 5);

    await consume([message]);

    expect(message.retry).toHaveBeenCalledWith({ delaySeconds: 0 });
  });

  it.each([
    ["of another version", { version: 99 }],
    ["that is forged", { version: 1, kind: "turn", memory_key_id: "x" }],
    ["that is rubbish", "rubbish"],
  ])("leaves a message %s for others to read, and its neighbours go on", async (_name, body) => {
    const { consume, completeTurn } = consuming();
    const [poison, good] = [delivery(body), delivery(WHOLE)];

    await consume([poison, good]);

    expect(poison.retry).toHaveBeenCalledTimes(1);
    expect(poison.ack).not.toHaveBeenCalled();
    expect(good.ack).toHaveBeenCalledTimes(1);
    expect(completeTurn).toHaveBeenCalledTimes(1);
  });

  it("is done with a turn whose key is gone", async () => {
    const refused = () => Promise.reject(new DatabaseFailure("complete_turn", 404, "PT404"));
    const { consume } = consuming({ completeTurn: refused });
    const message = delivery(WHOLE);

    await consume([message]);

    expect(message.ack).toHaveBeenCalledTimes(1);
  });
});

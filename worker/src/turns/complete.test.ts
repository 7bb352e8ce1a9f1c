import { describe, expect, it, vi } from "vitest";

import { createClock } from "../../test/clock.ts";
import { databaseIsDown, fakeQueue } from "../../test/fakes.ts";
import { STEP, TURN } from "../../test/turns.ts";
import { DatabaseFailure, isFinal } from "../database/client.ts";
import { type StoreTurnPorts, createStoreTurn } from "./complete.ts";

const stored = async () => ({ isStored: true, turnId: TURN.turn_id, sessionId: "seed" });
const refused = () => Promise.reject(new DatabaseFailure("complete_turn", 404, "PT404"));

function storing(overrides: Partial<StoreTurnPorts> = {}) {
  const clock = createClock();
  const queue = fakeQueue();
  const completeTurn = vi.fn<StoreTurnPorts["completeTurn"]>(overrides.completeTurn ?? stored);
  const onLost = vi.fn<StoreTurnPorts["onLost"]>();
  const storeTurn = createStoreTurn({
    isFinal,
    enqueue: queue.send,
    setTimer: clock.setTimer,
    onLost,
    ...overrides,
    completeTurn,
  });
  return {
    store: () => clock.until(storeTurn("key", TURN, STEP)),
    clock,
    queue,
    completeTurn,
    onLost,
  };
}

describe("storing a finished turn", () => {
  it("takes one call on a quiet day", async () => {
    const { store, completeTurn, queue } = storing();

    expect(await store()).toBe("true");
    expect(completeTurn).toHaveBeenCalledTimes(1);
    expect(queue.messages).toEqual([]);
  });

  it("tries again when the answer of the database was lost", async () => {
    const { store, completeTurn } = storing();
    completeTurn.mockImplementationOnce(databaseIsDown);

    expect(await store()).toBe("true");
    expect(completeTurn).toHaveBeenCalledTimes(2);
  });

  it("leaves the turn to the queue after three tries", async () => {
    const { store, completeTurn, queue } = storing({ completeTurn: databaseIsDown });

    expect(await store()).toBe("queued");
    expect(completeTurn).toHaveBeenCalledTimes(3);
    expect(queue.messages).toMatchObject([{ kind: "turn", turn: TURN, step: STEP }]);
  });

  it("is done with all tries within five seconds", async () => {
    const { store, completeTurn, clock } = storing({ completeTurn: databaseIsDown });
    const startedAtMs = clock.now();

    await store();

    const granted = completeTurn.mock.calls.reduce((sum, [, , , limitMs]) => sum + limitMs, 0);
    expect(clock.now() - startedAtMs + granted).toBeLessThan(5_000);
  });

  it("does not repeat what the database has the last word on", async () => {
    const { store, completeTurn, queue, onLost } = storing({ completeTurn: refused });

    expect(await store()).toBe("lost");
    expect(completeTurn).toHaveBeenCalledTimes(1);
    expect(queue.messages).toEqual([]);
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it("tells of a turn that neither database nor queue would take, by its ids alone", async () => {
    const { store, onLost } = storing({
      completeTurn: databaseIsDown,
      enqueue: () => Promise.reject(new Error("queue is away")),
    });

    expect(await store()).toBe("lost");
    expect(onLost).toHaveBeenCalledWith(expect.any(Error), {
      turnId: TURN.turn_id,
      requestId: TURN.request_id,
    });
  });
});

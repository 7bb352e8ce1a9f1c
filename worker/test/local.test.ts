import { describe, expect, it } from "vitest";

import type { Services } from "../src/services.ts";
import { createClock, settle } from "./clock.ts";
import { LOCAL_SECRET, chat, databaseIsDown, fakeServices, send } from "./fakes.ts";

const drain = (services: Services, secret = LOCAL_SECRET) =>
  send(services, "/local/drain", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
  });

describe("POST /local/drain", () => {
  it("answers at once when nothing is under way, and from then on nothing is taken", async () => {
    const services = fakeServices();

    expect((await drain(services)).json()).toEqual({ drained: true });

    const { status, headers } = await chat(services);
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
  });

  it("waits for a turn that is still being stored", async () => {
    const clock = createClock();
    const stored = Promise.withResolvers<void>();
    const services = fakeServices({
      clock,
      database: {
        completeTurn: async (_key, turn) => {
          await stored.promise;
          return { isStored: true, turnId: turn.turn_id, sessionId: "s" };
        },
      },
    });
    const chatting = chat(services);
    await settle();

    const draining = drain(services);
    await clock.advance(1_000);
    stored.resolve();
    await clock.advance(100);

    expect((await draining).json()).toEqual({ drained: true });
    expect((await chatting).status).toBe(200);
  });

  it("waits until what is in the queue has been consumed", async () => {
    const clock = createClock();
    const sent: unknown[] = [];
    let isDown = true;
    const services = fakeServices({
      clock,
      turns: { send: async (message) => void sent.push(message) },
      database: {
        completeTurn: async (_key, turn) =>
          isDown ? databaseIsDown() : { isStored: true, turnId: turn.turn_id, sessionId: "s" },
      },
    });
    await clock.until(chat(services));
    isDown = false;

    const draining = drain(services);
    await clock.advance(1_000);
    const deliveries = sent.map((body) => ({ body, attempts: 1, ack: () => {}, retry: () => {} }));
    await services.consume(deliveries);
    await clock.advance(100);

    expect(sent).toHaveLength(1);
    expect((await draining).json()).toEqual({ drained: true });
  });

  it("gives up after half a minute, and says so", async () => {
    const clock = createClock();
    const services = fakeServices({ clock });
    services.inFlight.queued(1);

    expect((await clock.until(drain(services))).json()).toEqual({ drained: false });
    expect(clock.now() - createClock().now()).toBe(30_000);
  });

  it.each([
    ["a wrong secret", "wrong-secret-of-the-stack"],
    ["half of it", LOCAL_SECRET.slice(0, 10)],
    ["none", ""],
  ])("is not there for %s", async (_name, secret) => {
    const services = fakeServices();

    expect((await drain(services, secret)).status).toBe(404);
    expect(services.inFlight.isDraining()).toBe(false);
  });

  it("is not there where no secret was set", async () => {
    const services = fakeServices({ env: { LOCAL_SECRET: undefined } });

    expect((await drain(services)).status).toBe(404);
  });
});

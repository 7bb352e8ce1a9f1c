import { describe, expect, it } from "vitest";

import { createClock } from "../test/clock.ts";
import { LATE, pause, within } from "./deadline.ts";

describe("within", () => {
  it("gives what the work gives when it is in time", async () => {
    expect(await within(Promise.resolve(7), 10, createClock().setTimer)).toBe(7);
  });

  it("gives up when the time is up, and lets the work go on", async () => {
    const clock = createClock();
    const work = Promise.withResolvers<number>();
    const waited = within(work.promise, 10, clock.setTimer);

    await clock.advance(10);
    expect(await waited).toBe(LATE);
    work.resolve(7);
    expect(await work.promise).toBe(7);
  });

  it("fails as the work fails", async () => {
    const failing = within(Promise.reject(new Error("no")), 10, createClock().setTimer);

    await expect(failing).rejects.toThrow("no");
  });

  it("leaves no timer behind", async () => {
    let timers = 0;
    const setTimer = () => {
      timers += 1;
      return () => {
        timers -= 1;
      };
    };

    await within(Promise.resolve(7), 10, setTimer);

    expect(timers).toBe(0);
  });

  it("does not wait at all when no time is left", async () => {
    expect(await within(new Promise(() => {}), 0, createClock().setTimer)).toBe(LATE);
  });
});

describe("pause", () => {
  it("takes as long as it is told", async () => {
    const clock = createClock();
    const pausing = clock.until(pause(500, clock.setTimer));

    await pausing;
    expect(clock.now() - createClock().now()).toBe(500);
  });
});

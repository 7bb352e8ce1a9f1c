/** Time as a test wants it: it stands still until somebody moves it. */

import type { SetTimer } from "../src/deadline.ts";

type Timer = { readonly dueAtMs: number; readonly callback: () => void };

export type Clock = {
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** Moves on, and calls back what falls due on the way. */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves on from timer to timer until the work is done. */
  readonly until: <T>(work: Promise<T>) => Promise<T>;
};

export const NOON = Date.UTC(2026, 10, 22, 12);

export function createClock(startMs = NOON): Clock {
  let nowMs = startMs;
  const timers = new Set<Timer>();

  const next = () => [...timers].toSorted((one, other) => one.dueAtMs - other.dueAtMs)[0];

  const fire = (timer: Timer) => {
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.dueAtMs);
    timer.callback();
  };

  return {
    now: () => nowMs,
    setTimer: (callback, delayMs) => {
      const timer = { dueAtMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const endMs = nowMs + ms;
      await settle();
      for (let timer = next(); timer && timer.dueAtMs <= endMs; timer = next()) {
        fire(timer);
        await settle();
      }
      nowMs = endMs;
    },
    until: async (work) => {
      let isDone = false;
      const watched = work.finally(() => {
        isDone = true;
      });
      watched.catch(() => {});
      await settle();
      while (!isDone) {
        const timer = next();
        if (timer) fire(timer);
        await settle();
      }
      return watched;
    },
  };
}

/**
 * Lets everything happen that needs no time.
 *
 * Hashes are made on threads beside ours. One that is asked for last is there last, so waiting for
 * it waits for the others, however busy the machine is.
 */
export async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await crypto.subtle.digest("SHA-256", new Uint8Array());
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** More than any request makes hashes one behind the other. */
const ROUNDS = 12;

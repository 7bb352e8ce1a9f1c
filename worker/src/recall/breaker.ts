/**
 * Remembers that the database is slow, so that not every request has to find out by waiting.
 *
 * After some failures in a row nobody waits for a while; then one request tries again, and its luck
 * decides for the others.
 */
export type Breaker = {
  readonly isOpen: () => boolean;
  readonly succeeded: () => void;
  readonly failed: () => void;
};

const MAX_FAILURES = 5;
const OPEN_MS = 10_000;

export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let retryAtMs = 0;

  return {
    isOpen: () => {
      if (failures < MAX_FAILURES) return false;
      if (now() < retryAtMs) return true;
      // The one that asks now is the one that tries.
      retryAtMs = now() + OPEN_MS;
      return false;
    },
    succeeded: () => {
      failures = 0;
    },
    failed: () => {
      failures += 1;
      if (failures === MAX_FAILURES) retryAtMs = now() + OPEN_MS;
    },
  };
}

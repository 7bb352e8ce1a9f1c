/**
 * Asks the database again when it did not answer, three times in all.
 *
 * Together the tries stay below five seconds, which is what is left of a request whose client left
 * long ago.
 */

import { type SetTimer, pause } from "../deadline.ts";

type Patience = {
  /** Whether a failure is the database's final word, which no repetition changes. */
  readonly isFinal: (failure: unknown) => boolean;
  readonly setTimer: SetTimer;
};

const TRIES = [
  { afterMs: 0, limitMs: 1_500 },
  { afterMs: 100, limitMs: 1_000 },
  { afterMs: 250, limitMs: 1_000 },
] as const;

/** Rejects as the last try does. */
export async function insist<T>(
  attempt: (limitMs: number) => Promise<T>,
  { isFinal, setTimer }: Patience,
): Promise<T> {
  let failed: unknown;
  for (const { afterMs, limitMs } of TRIES) {
    if (afterMs > 0) await pause(afterMs, setTimer);
    try {
      return await attempt(limitMs);
    } catch (failure) {
      if (isFinal(failure)) throw failure;
      failed = failure;
    }
  }
  throw failed;
}

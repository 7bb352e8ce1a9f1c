/**
 * Waiting no longer than agreed.
 *
 * The timer is a parameter, so that tests decide when time is up.
 */

/** Calls back after a while; the function it gives back takes that back. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;

export const LATE = Symbol("late");

/** What the work gives, or `LATE` when the time is up first. The work goes on either way. */
export async function within<T>(
  work: Promise<T>,
  limitMs: number,
  setTimer: SetTimer,
): Promise<T | typeof LATE> {
  if (limitMs <= 0) {
    work.catch(() => {}); // nobody hears of it any more
    return LATE;
  }
  let cancel = () => {};
  const late = new Promise<typeof LATE>((resolve) => {
    cancel = setTimer(() => resolve(LATE), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/** Resolves after a while. */
export function pause(delayMs: number, setTimer: SetTimer): Promise<void> {
  return new Promise((resolve) => {
    setTimer(resolve, delayMs);
  });
}

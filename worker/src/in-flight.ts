/**
 * What this isolate still has to finish.
 *
 * The local stack asks before it stops: workerd drops background work and its queue when it ends.
 * In production other isolates consume what this one has queued, and nobody asks.
 */
export type InFlight = {
  readonly isDraining: () => boolean;
  /** From now on new requests are turned away. */
  readonly stopIntake: () => void;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  readonly queued: (messages: number) => void;
  readonly consumed: (messages: number) => void;
  readonly isIdle: () => boolean;
};

export function createInFlight(): InFlight {
  let draining = false;
  let running = 0;
  let waiting = 0;

  return {
    isDraining: () => draining,
    stopIntake: () => {
      draining = true;
    },
    track: async (work) => {
      running += 1;
      try {
        return await work;
      } finally {
        running -= 1;
      }
    },
    queued: (messages) => {
      waiting += messages;
    },
    consumed: (messages) => {
      waiting = Math.max(0, waiting - messages);
    },
    isIdle: () => running === 0 && waiting === 0,
  };
}

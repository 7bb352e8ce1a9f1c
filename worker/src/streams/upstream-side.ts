/**
 * The provider's end of an answer: chunk after chunk, until it ends, breaks or is given up.
 *
 * Giving up takes effect at once, even while a read is under way. A race against one long-lived
 * promise would do the same and keep a little of every chunk for as long as the answer lasts.
 */

import type { SetTimer } from "../deadline.ts";

export type Chunk =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" | "silent" | "given-up" }
  | { readonly kind: "broken"; readonly cause: unknown };

export type UpstreamSide = {
  /** Never rejects. */
  readonly next: () => Promise<Chunk>;
  readonly giveUp: () => void;
};

type UpstreamOptions = {
  /** How long the provider may say nothing. */
  readonly idleLimitMs: number;
  readonly setTimer: SetTimer;
  readonly abort: () => void;
};

export function createUpstreamSide(
  body: ReadableStream<Uint8Array>,
  { idleLimitMs, setTimer, abort }: UpstreamOptions,
): UpstreamSide {
  const reader = body.getReader();
  let hasGivenUp = false;
  let interrupt: (chunk: Chunk) => void = () => {};

  const stop = () => {
    hasGivenUp = true;
    abort();
    reader.cancel().catch(() => {}); // it may be broken already, and nobody reads on
  };
  return {
    next: () => {
      if (hasGivenUp) return Promise.resolve({ kind: "given-up" });
      return new Promise((resolve) => {
        const cancel = setTimer(() => {
          stop();
          resolve({ kind: "silent" });
        }, idleLimitMs);
        const settle = (chunk: Chunk) => {
          cancel();
          resolve(hasGivenUp ? { kind: "given-up" } : chunk);
        };
        interrupt = settle;
        reader.read().then(
          ({ done, value }) => settle(done ? { kind: "end" } : { kind: "bytes", bytes: value }),
          (cause: unknown) => settle({ kind: "broken", cause }),
        );
      });
    },
    giveUp: () => {
      if (hasGivenUp) return;
      stop();
      interrupt({ kind: "given-up" });
    },
  };
}

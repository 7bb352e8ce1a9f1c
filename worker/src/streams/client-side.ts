/**
 * The client's end of an answer.
 *
 * A client may leave at any moment, and may stay without reading. Both are told to the relay once,
 * and from then on writing to it does nothing: what is still to come is read for memory's sake.
 */

import type { SetTimer } from "../deadline.ts";
import { createPipe } from "./pipe.ts";

export type ClientSide = {
  readonly readable: ReadableStream<Uint8Array>;
  readonly hasLeft: () => boolean;
  /** Resolves when the client has taken the bytes, or is gone. Never rejects. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Ends the client's stream as a finished one ends. */
  readonly close: () => Promise<void>;
  /** Ends it as one ends that broke. */
  readonly fail: (cause: unknown) => void;
};

type ClientOptions = {
  /** How long a client may take to read what it was sent before it counts as gone. */
  readonly idleLimitMs: number;
  readonly setTimer: SetTimer;
  /** The platform's word that the client is gone, which comes before a write fails. */
  readonly clientSignal?: AbortSignal | undefined;
  readonly onLeave: () => void;
};

export function createClientSide(options: ClientOptions): ClientSide {
  const { idleLimitMs, setTimer, clientSignal, onLeave } = options;
  const { readable, writable } = createPipe();
  const writer = writable.getWriter();
  let isOpen = true;
  let stopWaiting = () => {};

  const leave = () => {
    if (!isOpen) return;
    isOpen = false;
    writer.abort(new Error("The client is gone")).catch(ignored);
    stopWaiting();
    onLeave();
  };
  writer.closed.catch(leave);
  if (clientSignal?.aborted) leave();
  clientSignal?.addEventListener("abort", leave, { once: true });

  /** Waits for a reader, but not for ever: one that stopped reading holds nothing of ours. */
  const patiently = (taken: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = setTimer(leave, idleLimitMs);
      stopWaiting = () => {
        cancel();
        resolve();
      };
      taken.then(stopWaiting, leave);
    });

  return {
    readable,
    hasLeft: () => !isOpen,
    write: async (bytes) => {
      // An empty write says nothing, and some readers take it for the end.
      if (isOpen && bytes.length > 0) await patiently(writer.write(bytes));
    },
    close: async () => {
      if (isOpen) await patiently(writer.close());
    },
    fail: (cause) => {
      if (!isOpen) return;
      isOpen = false;
      writer.abort(cause).catch(ignored);
    },
  };
}

/** The stream is over for somebody who has been told already. */
const ignored = () => {};

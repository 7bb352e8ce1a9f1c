/** Tells once what an answer is called, as soon as the answer has said so itself. */

import type { Listener } from "../dialects/dialect.ts";

/** Takes note of an answer's id. */
export type OnResponseId = (responseId: string) => Promise<void>;

export type Naming = {
  /** Somebody wants to know, and the answer has not said it yet. */
  readonly isOpen: () => boolean;
  /** To be called whenever more of the answer was heard. */
  readonly look: () => void;
  /** Resolves once note was taken of what was told so far. Never rejects. */
  readonly noted: () => Promise<void>;
};

export function createNaming(listener: Listener, onResponseId: OnResponseId | undefined): Naming {
  let isOpen = onResponseId !== undefined;
  let noted = Promise.resolve();
  return {
    isOpen: () => isOpen,
    look: () => {
      const id = isOpen ? listener.responseId() : null;
      if (id === null || onResponseId === undefined) return;
      isOpen = false;
      noted = onResponseId(id).catch(() => {}); // the answer goes on, noted or not
    },
    noted: () => noted,
  };
}

/**
 * Short notices at the edge of the screen, from anywhere in the dashboard.
 *
 * Never the only place of an error that somebody has to act on.
 */

import { describeError } from "@/lib/describe-error";

export type Notice = { readonly kind: "success" | "error"; readonly message: string };

type Listener = (notice: Notice) => void;

let listener: Listener | null = null;

/** There is one place where notices show. Returns how to stop listening. */
export function listenForNotices(newListener: Listener): () => void {
  listener = newListener;
  return () => {
    listener = null;
  };
}

export function notify(kind: Notice["kind"], message: string): void {
  listener?.({ kind, message });
}

export function notifyError(error: unknown): void {
  notify("error", describeError(error));
}

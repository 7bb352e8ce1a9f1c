/** What our response headers are called, and what they say. */

/** Ours, for browsers that are allowed to read them. */
export const EXPOSED_HEADERS = [
  "X-MR-Request-Id",
  "X-MR-Overhead-Ms",
  "X-MR-Key-Lease",
  "X-MR-Providers-Failed",
  "X-Memory-Status",
  "X-Memory-Tokens-Retrieved",
  "X-Memory-Chunks-Retrieved",
  "X-Memory-Receipt",
  "X-Memory-Stored",
  "X-Session-ID",
  "Server-Timing",
  "X-Request-Id",
  "Request-Id",
  "Retry-After",
] as const;

export type MemoryAccount = {
  readonly status: string;
  readonly tokens: number;
  readonly memories: number;
  readonly receiptId: string | null;
  readonly sessionId: string | null;
  /** Why nothing of this exchange will be stored; null when something will be. */
  readonly refusal: string | null;
};

export function setMemoryHeaders(headers: Headers, account: MemoryAccount): void {
  headers.set("x-memory-status", account.status);
  headers.set("x-memory-tokens-retrieved", String(account.tokens));
  headers.set("x-memory-chunks-retrieved", String(account.memories));
  if (account.receiptId !== null) headers.set("x-memory-receipt", account.receiptId);
  if (account.sessionId !== null) headers.set("x-session-id", headerSafe(account.sessionId));
  if (account.refusal !== null) headers.set("x-memory-stored", `false; reason=${account.refusal}`);
}

export type Timings = {
  readonly auth: number;
  readonly embed: number | null;
  readonly recall: number | null;
  readonly upstream: number | null;
  readonly total: number;
};

/** How long each part took, and what of it was ours. */
export function setTimingHeaders(headers: Headers, timings: Timings): void {
  const { total, ...parts } = timings;
  const known = Object.entries(parts).filter(([, ms]) => ms !== null);
  headers.set("server-timing", known.map(([name, ms]) => `${name};dur=${ms}`).join(", "));
  headers.set("x-mr-overhead-ms", String(Math.max(0, total - (timings.upstream ?? 0))));
}

/** A header takes Latin letters; anything else is percent-encoded. */
function headerSafe(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]+/g, encodeURIComponent);
}

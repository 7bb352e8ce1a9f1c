/**
 * A fresh vault on a running stack, used as a customer would: minted, filled and asked over HTTP.
 */

import { setTimeout as pause } from "node:timers/promises";

import { z } from "zod";

import { PlatformError } from "../../platform/platform-error.ts";
import type { Turn } from "./cases.ts";

const keySchema = z.object({ key: z.string() });
const uploadSchema = z.object({
  stored: z.number(),
  failed: z.number(),
  errors: z.array(z.object({ line: z.number(), message: z.string() })),
});
const statsSchema = z.object({ waiting_for_vectors: z.number() });
const searchSchema = z.object({
  memories: z.array(z.object({ id: z.string() })),
  status: z.string(),
});
const errorSchema = z.object({ error: z.object({ message: z.string() }) });

const POLL_MS = 500;
/** Vectors are made behind the upload, then by a sweep every minute: longer than that is no progress. */
const STUCK_MS = 180_000;

export type Finding = {
  readonly ids: readonly string[];
  /** As the product puts it: `hit`, `empty`, or `degraded` with the reason. */
  readonly status: string;
  readonly durationMs: number;
};

export type Vault = {
  readonly fill: (turns: readonly Turn[]) => Promise<void>;
  /** Resolves once nothing waits for its vectors. */
  readonly settle: (onWaiting: (waiting: number) => void) => Promise<void>;
  readonly search: (
    query: string,
    wanted: { readonly limit: number } | { readonly token_budget: number },
  ) => Promise<Finding>;
};

export type Connection = {
  readonly api: string;
  /** A key that may mint others. */
  readonly memoryKey: string;
  readonly fetch: typeof fetch;
};

/** Makes an empty vault under a name that shows where it came from. */
export async function openVault(connection: Connection, name: string): Promise<Vault> {
  const { key } = keySchema.parse(
    await call(connection, connection.memoryKey, "POST", "/v1/keys", JSON.stringify({ name })),
  );
  const request = (method: string, path: string, body?: string) =>
    call(connection, key, method, path, body);

  return {
    fill: async (turns) => {
      const lines = turns.map(asLine).join("\n");
      const report = uploadSchema.parse(await request("POST", "/v1/memory/upload", lines));
      if (report.failed === 0 && report.stored === turns.length) return;
      const [first] = report.errors;
      throw new PlatformError(
        `The upload stored ${report.stored} of ${turns.length} turns${first ? `; line ${first.line}: ${first.message}` : ""}.`,
      );
    },
    settle: (onWaiting) => settle(() => request("GET", "/v1/memory/stats"), onWaiting),
    search: async (query, wanted) => {
      const body = JSON.stringify({ query, ...wanted });
      const beganAt = performance.now();
      const answer = await request("POST", "/v1/memory/search", body);
      const durationMs = performance.now() - beganAt;
      const { memories, status } = searchSchema.parse(answer);
      return { ids: memories.map(({ id }) => id), status, durationMs };
    },
  };
}

const asLine = ({ id, session, role, name, at, text }: Turn) =>
  JSON.stringify({ id, session_id: session, role, name, timestamp: at, content: text });

async function settle(
  stats: () => Promise<unknown>,
  onWaiting: (waiting: number) => void,
): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let progressedAt = performance.now();
  for (;;) {
    const { waiting_for_vectors: waiting } = statsSchema.parse(await stats());
    onWaiting(waiting);
    if (waiting === 0) return;
    if (waiting < fewest) {
      fewest = waiting;
      progressedAt = performance.now();
    }
    if (performance.now() - progressedAt > STUCK_MS) {
      throw new PlatformError(
        `${waiting} memories have waited for their vectors for ${STUCK_MS / 60_000} minutes. Look at the embedder's log in the data folder.`,
      );
    }
    await pause(POLL_MS);
  }
}

async function call(
  { api, fetch }: Connection,
  key: string,
  method: string,
  path: string,
  body?: string,
): Promise<unknown> {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body !== undefined && { body }),
  }).catch((cause: unknown) => {
    throw new PlatformError(`Nothing answers at ${api}. Is the stack still running?`, { cause });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const refusal = errorSchema.safeParse(answer);
  const reason = refusal.success ? refusal.data.error.message : "no reason given";
  throw new PlatformError(`${method} ${path} was answered with ${response.status}: ${reason}`);
}

/**
 * The database's API, as the worker calls it: a few functions, each with a time limit.
 *
 * A failure says one of two things. "Unavailable": nobody answered, or the answer was a fault of
 * the server's, and asking again may help. "Refused": the database understood and said no.
 */

import type { Database } from "#database";
import { PostgrestClient } from "@supabase/postgrest-js";

type Functions = Database["public"]["Functions"];

/** Generated types know no null among arguments, while SQL takes one anywhere. */
type NullableArguments = {
  [Name in keyof Functions]: Omit<Functions[Name], "Args"> & {
    Args: { [Argument in keyof Functions[Name]["Args"]]: Functions[Name]["Args"][Argument] | null };
  };
};

type WorkerDatabase = Omit<Database, "public"> & {
  public: Omit<Database["public"], "Functions"> & { Functions: NullableArguments };
};

export type DatabaseClient = PostgrestClient<WorkerDatabase>;

export class DatabaseFailure extends Error {
  override readonly name = "DatabaseFailure";
  readonly kind: "unavailable" | "refused";
  readonly code: string;

  /** Names the function and the code. What the database wrote about it may hold anybody's text. */
  constructor(call: string, status: number, code: string) {
    super(`${call} answered ${status} ${code}`.trim());
    this.kind =
      status === 0 || status === 408 || status === 429 || status >= 500 ? "unavailable" : "refused";
    this.code = code;
  }
}

/** What a client is told whose request cannot be answered without the database. */
export const DATABASE_AWAY =
  "Memory cannot be reached at the moment. Wait as long as Retry-After says.";

export const isUnavailable = (failure: unknown) =>
  failure instanceof DatabaseFailure && failure.kind === "unavailable";

/** Whether a failure is the database's last word: a code that its own functions raise. */
export const isFinal = (failure: unknown) =>
  failure instanceof DatabaseFailure && failure.kind === "refused" && failure.code.startsWith("PT");

/** Whether the database answered with one of the codes its functions raise on purpose. */
export const isRefusal = (failure: unknown, code: string) =>
  failure instanceof DatabaseFailure && failure.kind === "refused" && failure.code === code;

type Options = {
  readonly url: string;
  readonly secretKey: string;
  readonly fetch: typeof fetch;
};

export function createDatabaseClient({ url, secretKey, fetch }: Options): DatabaseClient {
  return new PostgrestClient<WorkerDatabase>(`${url}/rest/v1`, {
    headers: { apikey: secretKey, authorization: `Bearer ${secretKey}` },
    fetch,
  });
}

type Call = {
  readonly abortSignal: (
    signal: AbortSignal,
  ) => PromiseLike<{ data: unknown; error: { code: string } | null; status: number }>;
};

/** What a function answered, within the time it is given. */
export async function answerOf(name: string, call: Call, limitMs: number): Promise<unknown> {
  const { data, error, status } = await call.abortSignal(AbortSignal.timeout(limitMs));
  if (error) throw new DatabaseFailure(name, status, error.code);
  return data;
}

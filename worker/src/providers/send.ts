/**
 * Asks a provider and gives back its answer as it came.
 *
 * The host comes from the registry alone and redirects are not followed: a key goes where its
 * row says, and nowhere that an answer points to.
 */

import { type SetTimer, LATE, within } from "../deadline.ts";
import type { DialectId } from "../dialects/dialect.ts";
import { ApiError } from "../errors.ts";
import { looksLikeMemoryKey } from "../keys/credentials.ts";
import type { Provider } from "./registry.ts";

export type ProviderRequest = {
  readonly provider: Provider;
  readonly dialect: { readonly id: DialectId; readonly path: string };
  readonly headers: Headers;
  readonly apiKey: string | null;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly firstByteLimitMs: number;
  /** Aborted when nobody wants the answer any more. */
  readonly abort: AbortController;
};

/** Answers whatever the provider answers; throws `provider_unreachable` or `provider_timeout`. */
export type Send = (request: ProviderRequest) => Promise<Response>;

type Ports = { readonly fetch: typeof fetch; readonly setTimer: SetTimer };

export function createSend({ fetch, setTimer }: Ports): Send {
  return async (request) => {
    const { provider, dialect, headers, apiKey, body, firstByteLimitMs, abort } = request;
    if (apiKey !== null) {
      if (looksLikeMemoryKey(apiKey)) throw new Error("A memory key was about to be forwarded.");
      provider.authorize(headers, apiKey, dialect.id);
    }

    const asked = fetch(`${provider.base}${dialect.path}`, {
      method: request.method ?? "POST",
      headers,
      body,
      redirect: "manual",
      signal: abort.signal,
    });
    const answer = await within(asked, firstByteLimitMs, setTimer).catch((cause: unknown) => {
      throw new ApiError("provider_unreachable", undefined, { cause });
    });
    if (answer !== LATE) return answer;

    asked.catch(() => {});
    abort.abort();
    throw new ApiError("provider_timeout");
  };
}

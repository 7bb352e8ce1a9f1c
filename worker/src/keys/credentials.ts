/**
 * Where a request carries its credentials.
 *
 * The memory key stands in `X-Memory-Key`, or in whichever of `Authorization` and `x-api-key`
 * holds a value beginning with `mk_`: SDKs fill in one, the other or both. Beside `X-Memory-Key`
 * the other two carry a key of the provider's, as `X-Provider-Key` always does.
 */

import { ApiError } from "../errors.ts";

export type Credentials = {
  readonly memoryKey: string | null;
  /** Provider keys given with the request, unchecked. None of them looks like a memory key. */
  readonly providerKeys: readonly string[];
};

export function readCredentials(headers: Headers): Credentials {
  const named = headers.get("x-memory-key");
  const general = [bearer(headers), headers.get("x-api-key")].filter((value) => value !== null);
  const own = headers.get("x-provider-key");
  if (own !== null && (own === "" || looksLikeMemoryKey(own))) {
    throw new ApiError("invalid_request", "X-Provider-Key takes a key of a provider's.", {
      param: "X-Provider-Key",
    });
  }

  const memoryKeys = new Set(general.filter(looksLikeMemoryKey));
  if (named !== null) memoryKeys.add(named);
  if (memoryKeys.size > 1) {
    throw new ApiError(
      "invalid_request",
      "This request carries two different memory keys. Send one.",
    );
  }

  const [memoryKey = null] = memoryKeys;
  // Without X-Memory-Key a second credential was meant for somebody else, and goes nowhere.
  const beside = named === null ? [] : general.filter((value) => !looksLikeMemoryKey(value));
  return { memoryKey, providerKeys: own === null ? [...new Set(beside)] : [own] };
}

/** Whatever begins like this is never forwarded, well-formed or not. */
export function looksLikeMemoryKey(value: string): boolean {
  return /^\s*mk_/i.test(value);
}

function bearer(headers: Headers): string | null {
  return /^Bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

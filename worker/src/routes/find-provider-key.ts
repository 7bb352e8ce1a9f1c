import type { Context } from "hono";

import { afterResponse } from "../after-response.ts";
import type { KeyedEnv } from "../app-env.ts";
import { ApiError } from "../errors.ts";
import { chooseProviderKey } from "../providers/provider-key.ts";
import type { Provider } from "../providers/registry.ts";

/** However many requests lack a key, the database is asked again this often at most. */
const ASK_AGAIN_MS = 1_000;

/**
 * The key a provider is asked with.
 *
 * A lease may be older than a key that its owner added a moment ago. So a key that is missing is
 * looked for once more before the request is refused.
 */
export async function findProviderKey<E extends KeyedEnv>(
  c: Context<E>,
  provider: Provider,
): Promise<string | null> {
  const { key, keyHash, providerKeys, services } = c.var;
  try {
    return chooseProviderKey(provider, providerKeys, key.providerKeys);
  } catch (failure) {
    if (ApiError.from(failure).code !== "provider_key_missing") throw failure;
    const verdict = await services.openKey(keyHash, afterResponse(c), ASK_AGAIN_MS);
    if (!verdict.isValid) throw new ApiError("invalid_memory_key");
    return chooseProviderKey(provider, providerKeys, verdict.key.providerKeys);
  }
}

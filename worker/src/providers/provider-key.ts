/** Chooses the key a provider is asked with, so that no key ever reaches another vendor. */

import { ApiError } from "../errors.ts";
import type { Provider } from "./registry.ts";

export type StoredProviderKey = { readonly provider: string; readonly secret: string };

/**
 * One that came with the request wins over the stored one. Null for a provider that takes none.
 *
 * A key of another vendor's is refused instead of replaced by the stored one: who sends it wants
 * it used, and would not see who pays instead.
 */
export function chooseProviderKey(
  provider: Provider,
  given: readonly string[],
  stored: readonly StoredProviderKey[],
): string | null {
  const { keyShape, name } = provider;
  if (!keyShape) return null;

  const fitting = given.filter((key) => keyShape.test(key));
  if (fitting.length > 1) {
    throw new ApiError("invalid_request", `This request carries two keys for ${name}. Send one.`, {
      param: "X-Provider-Key",
    });
  }
  if (given.length > 0 && fitting.length === 0) {
    throw new ApiError(
      "invalid_request",
      `The provider key sent with this request is not one of ${name}, which answers for this model.`,
      { param: "X-Provider-Key" },
    );
  }

  const chosen = fitting[0] ?? stored.find((key) => key.provider === provider.id)?.secret;
  if (chosen !== undefined) return chosen;
  throw new ApiError(
    "provider_key_missing",
    `This account has no key for ${name}. Add one in the dashboard under Provider keys, or send it in X-Provider-Key.`,
  );
}

/**
 * What of a client's headers its provider gets to see.
 *
 * Only what means something to a model's API. Credentials are left out as well: the provider's own
 * are set when its row authorizes the request, and nothing that looks like a memory key leaves us.
 */

const ALLOWED: ReadonlySet<string> = new Set([
  "accept",
  "anthropic-beta",
  "anthropic-version",
  "content-type",
  "http-referer",
  "idempotency-key",
  "openai-beta",
  "openai-organization",
  "openai-project",
  "user-agent",
  "x-client-request-id",
  "x-title",
]);

/** The SDKs tell their language, version and number of tries under these names. */
const ALLOWED_PREFIX = "x-stainless-";

const LONGEST_VALUE = 4096;
const MOST_HEADERS = 64;

export function forwardedHeaders(request: Headers): Headers {
  const forwarded = new Headers();
  let count = 0;
  for (const [name, value] of request) {
    if (!ALLOWED.has(name) && !name.startsWith(ALLOWED_PREFIX)) continue;
    if (value.length > LONGEST_VALUE || count === MOST_HEADERS) continue;
    if (MEMORY_KEY.test(value) || (name === "user-agent" && BROWSER.test(value))) continue;
    forwarded.set(name, value);
    count++;
  }
  return forwarded;
}

/** A value, or a word of one, that begins like a memory key. */
const MEMORY_KEY = /(?:^|[^0-9a-z])mk_/i;

/** Every browser calls itself Mozilla; no SDK does. */
const BROWSER = /\bmozilla\//i;

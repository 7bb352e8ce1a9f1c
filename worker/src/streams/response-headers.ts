/**
 * What of a provider's headers the client gets to see: what its SDK acts on, and nothing that
 * speaks of servers, cookies or other origins.
 */

const ALLOWED: ReadonlySet<string> = new Set([
  "anthropic-organization-id",
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "request-id",
  "retry-after",
  "retry-after-ms",
  "x-generation-id",
  "x-request-id",
  "x-should-retry",
]);

const ALLOWED_PREFIXES = ["anthropic-ratelimit-", "openai-", "ratelimit", "x-ratelimit-"];

const LONGEST_VALUE = 4096;
const MOST_HEADERS = 64;

/** New headers, since those of a fetched answer cannot be changed. */
export function responseHeaders(answer: Headers): Headers {
  const passed = new Headers();
  let count = 0;
  for (const [name, value] of answer) {
    if (!isAllowed(name) || value.length > LONGEST_VALUE || count === MOST_HEADERS) continue;
    passed.set(name, value);
    count++;
  }
  return passed;
}

function isAllowed(name: string): boolean {
  return ALLOWED.has(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/**
 * What operators read: one JSON object a line.
 *
 * A line takes an event, a cause and named strings, nothing else, so that no row, request or
 * header can slip in whole. What looks like a credential is blotted out even so.
 */

export type Facts = Readonly<Record<string, string | number>>;

const CREDENTIALS =
  /mk_[0-9A-Za-z]{6,}|sb_(?:secret|publishable)_[\w-]+|sk-[\w-]{6,}|eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*|(?<=bearer )\S+|-----BEGIN[^-]+KEY-----[^-]*(?:-----END[^-]+KEY-----)?/gi;

const MAX_CHARS = 2_000;

/** Something went wrong that an operator may have to look at. */
export function logError(event: string, cause: unknown, facts: Facts = {}): void {
  console.error(line("error", event, { ...facts, ...described(cause) }));
}

/** Something happened that is worth counting. */
export function logEvent(event: string, facts: Facts = {}): void {
  console.log(line("info", event, facts));
}

/** A text without the credentials in it. */
function redact(text: string): string {
  return text.slice(0, MAX_CHARS).replace(CREDENTIALS, "[redacted]");
}

function line(level: string, event: string, facts: Facts): string {
  const safe = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === "string" ? redact(fact) : fact,
  ]);
  return JSON.stringify({ level, event, ...Object.fromEntries(safe) });
}

function described(cause: unknown): Facts {
  if (!(cause instanceof Error)) return { cause: typeof cause };
  const facts: Record<string, string> = { cause: `${cause.name}: ${cause.message}` };
  if (cause.stack) facts["stack"] = cause.stack;
  // One level is enough to tell "the provider is away" from what took it away.
  if (cause.cause instanceof Error)
    facts["because"] = `${cause.cause.name}: ${cause.cause.message}`;
  return facts;
}

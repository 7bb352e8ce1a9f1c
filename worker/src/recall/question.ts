/**
 * What is looked up for a message.
 *
 * A message may be a whole document with a request at its head or its foot. Its middle is left
 * out: it would cost the database and the embedder time, and dilute what is asked for.
 */

const MAX_END_CHARS = 4_000;

export function questionOf(text: string): string {
  if (text.length <= 2 * MAX_END_CHARS) return text;
  return `${text.slice(0, MAX_END_CHARS)}\n${text.slice(-MAX_END_CHARS)}`.toWellFormed();
}

/**
 * What is looked up for a message; empty when there is nothing to look up.
 *
 * A message may be a whole document with a request at its head or its foot. Its middle is left
 * out: it would cost the database and the embedder time, and dilute what is asked for.
 * Credentials are left out too: they are looked for by nobody, and the embedder is another company.
 */

import { blotSecrets } from "../keys/blot-secrets.ts";
import { cleanText } from "./clean-text.ts";

const MAX_END_CHARS = 4_000;

export function questionOf(message: string): string {
  if (message.length <= 2 * MAX_END_CHARS) return blotSecrets(cleanText(message));
  const ends = `${message.slice(0, MAX_END_CHARS)}\n${message.slice(-MAX_END_CHARS)}`;
  return blotSecrets(cleanText(ends));
}

/**
 * Recognises what a request says already, so that it is not told twice.
 *
 * Compared by words alone: clients re-wrap, re-quote and re-punctuate the history they send.
 */

/**
 * How much of a request is looked through, from its end backwards. It is far more than a model
 * takes in; the rest would only cost time.
 */
const MAX_REQUEST_CHARS = 400_000;

/** A memory this short ("Yes.") is inside any long text by chance, so the whole text must be it. */
const SHORTEST_QUOTE_CHARS = 24;

/** The words of a request, ready to be looked through. */
export type RequestWords = { readonly whole: ReadonlySet<string>; readonly joined: string };

export function requestWords(texts: readonly string[]): RequestWords {
  const recent: string[] = [];
  let room = MAX_REQUEST_CHARS;
  for (const text of texts.toReversed()) {
    if (room <= 0) break;
    recent.push(wordsOf(text.slice(-room)));
    room -= text.length;
  }
  return { whole: new Set(recent), joined: recent.join("\n") };
}

/** Whether words of a memory stand in the request, as a text of their own or inside one. */
export function isInRequest(words: string, { whole, joined }: RequestWords): boolean {
  if (words === "") return false;
  return whole.has(words) || (words.length >= SHORTEST_QUOTE_CHARS && joined.includes(words));
}

/**
 * A text as its words: lower case, single spaces, nothing else. A text that is all signs, such as
 * an emoji, stays as it is.
 */
export function wordsOf(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu);
  return words ? words.join(" ") : text.trim();
}

import { looksLikeMemoryKey } from "../keys/credentials.ts";

/**
 * The query of a client's request as its provider gets it, with its question mark: as it was sent,
 * without what looks like a memory key.
 */
export function forwardedQuery(url: string): string {
  const { search, searchParams } = new URL(url);
  const held = [...searchParams].filter((pair) => pair.some(looksLikeMemoryKey));
  if (held.length === 0) return search;
  for (const [name] of held) searchParams.delete(name);
  return searchParams.size === 0 ? "" : `?${searchParams.toString()}`;
}

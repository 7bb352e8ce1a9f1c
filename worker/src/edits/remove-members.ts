import type { JsonDocument } from "./json-document.ts";
import { members } from "./json-walk.ts";
import { COMMA, skipSpace } from "./json-syntax.ts";
import { type Edit, removal } from "./splice.ts";

/**
 * The edits that take members out of the object at `open`, each with one comma.
 *
 * Behind a member that stays, the comma before goes; as long as nothing stays before, the one
 * behind goes, up to the next key. So no comma is left over, whichever members go.
 */
export function removeMembers(
  document: JsonDocument,
  open: number,
  goes: (key: string) => boolean,
): Edit[] {
  const { bytes } = document;
  const edits: Edit[] = [];
  let hasStaying = false;
  for (const { key, keyStart, value } of members(document, open)) {
    if (!goes(key)) {
      hasStaying = true;
      continue;
    }
    const behind = skipSpace(bytes, value.end);
    if (hasStaying) edits.push(removal(commaBefore(bytes, keyStart), value.end));
    else if (bytes[behind] === COMMA) edits.push(removal(keyStart, skipSpace(bytes, behind + 1)));
    else edits.push(removal(keyStart, value.end));
  }
  return edits;
}

function commaBefore(bytes: Uint8Array, keyStart: number): number {
  let at = keyStart - 1;
  while (bytes[at] !== COMMA) at--;
  return at;
}

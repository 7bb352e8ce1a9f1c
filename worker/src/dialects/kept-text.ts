/** How much of one side of a turn is kept. */
const MOST_KEPT_BYTES = 256 * 1024;

export type KeptText = { readonly text: string; readonly isCut: boolean };

/** As much of a text as is kept, cut between two characters. */
export function keepText(text: string, mostBytes = MOST_KEPT_BYTES): KeptText {
  // No UTF-16 unit takes more than three bytes, so most texts need no counting.
  if (text.length * 3 <= mostBytes) return { text, isCut: false };
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    if (bytes > mostBytes) return { text: text.slice(0, end), isCut: true };
    end += character.length;
  }
  return { text, isCut: false };
}

/** Gathers a text piece by piece and stops gathering at the limit: an endless answer costs nothing. */
export function createTextKeeper(mostBytes = MOST_KEPT_BYTES) {
  const pieces: string[] = [];
  let length = 0;
  let isApart = false;
  const push = (piece: string) => {
    // In UTF-16 units, at least one byte each: never too little, and at most three times too much.
    if (length > mostBytes) return;
    pieces.push(piece.length > mostBytes + 1 ? piece.slice(0, mostBytes + 1) : piece);
    length += piece.length;
  };
  return {
    isEmpty: () => length === 0,
    add: (piece: string) => {
      if (piece === "") return;
      if (isApart) push("\n\n");
      isApart = false;
      push(piece);
    },
    /** What comes next was said apart from what came before. */
    breakOff: () => {
      isApart = length > 0;
    },
    end: (): KeptText => keepText(pieces.join(""), mostBytes),
  };
}

/** As much of an answer's id as any provider needs. */
export function keptId(id: string | null): string | null {
  return id === null ? null : id.slice(0, LONGEST_ID);
}

const LONGEST_ID = 256;

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

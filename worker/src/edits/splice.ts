/** One change to a body: what stood between two offsets gives way to other bytes. */
export type Edit = {
  readonly start: number;
  readonly end: number;
  readonly replacement: Uint8Array;
};

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

export function removal(start: number, end: number): Edit {
  return { start, end, replacement: NOTHING };
}

export function insertion(at: number, json: string): Edit {
  return { start: at, end: at, replacement: encoder.encode(json) };
}

export function replacement(start: number, end: number, json: string): Edit {
  return { start, end, replacement: encoder.encode(json) };
}

/** Text as it stands between the quotes of a JSON string. */
export function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The body with its edits made, in one allocation; the very same bytes when there are none. */
export function splice(
  bytes: Uint8Array<ArrayBuffer>,
  edits: readonly Edit[],
): Uint8Array<ArrayBuffer> {
  if (edits.length === 0) return bytes;
  const inOrder = edits.toSorted((one, other) => one.start - other.start || one.end - other.end);
  const grown = inOrder.reduce((sum, edit) => sum + edit.replacement.length - lengthOf(edit), 0);

  const spliced = new Uint8Array(bytes.length + grown);
  let from = 0;
  let to = 0;
  for (const { start, end, replacement: inserted } of inOrder) {
    if (start < from || end < start || end > bytes.length) {
      throw new Error("Edits of a body must lie inside it and apart from each other");
    }
    spliced.set(bytes.subarray(from, start), to);
    to += start - from;
    spliced.set(inserted, to);
    to += inserted.length;
    from = end;
  }
  spliced.set(bytes.subarray(from), to);
  return spliced;
}

function lengthOf({ start, end }: Edit): number {
  return end - start;
}

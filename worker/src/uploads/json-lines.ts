/**
 * JSON lines, read as they arrive.
 *
 * Only the line that is being read is held, and no line may be longer than a memory can be.
 */

export type Line = {
  /** Counted from one, blank lines included, as an editor counts them. */
  readonly number: number;
  /** Null for a line that is too long or no valid UTF-8. */
  readonly text: string | null;
};

const LINE_FEED = 0x0a;

/** Room for 256 KB of text with every character escaped. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;

export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1;
  let pieces: Uint8Array[] = [];
  let length = 0;

  const take = (): Line => {
    const line = { number, text: length > MAX_LINE_BYTES ? null : decode(pieces) };
    number += 1;
    pieces = [];
    length = 0;
    return line;
  };
  const add = (piece: Uint8Array) => {
    length += piece.byteLength;
    if (length <= MAX_LINE_BYTES) pieces.push(piece);
    else pieces = [];
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    // A copy: what the chunk lies in may be used again for the next one.
    if (from < chunk.byteLength) add(chunk.slice(from));
  }
  if (length > 0) yield take();
}

function decode(pieces: readonly Uint8Array[]): string | null {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  try {
    return (
      pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode()
    );
  } catch {
    return null;
  }
}

/**
 * A body checked to be strict JSON (RFC 8259), kept as the bytes it came in.
 *
 * No tree is built: a tree of a long conversation takes many times its size in memory, and the few
 * things a dialect asks for are found by walking (`json-walk.ts`). The check does not recurse, so
 * depth costs nothing until it is refused.
 */

import { ApiError } from "../errors.ts";
import {
  byteAt,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  notJson,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  scanScalar,
  scanString,
  skipSpace,
  type Source,
  sourceOf,
} from "./json-syntax.ts";

export type JsonDocument = {
  readonly bytes: Uint8Array;
  /** Where the outermost value begins. */
  readonly root: number;
  /** Where long values end, by where they begin, so that walking steps over them. */
  readonly ends: ReadonlyMap<number, number>;
};

type ScanOptions = {
  /** Refused in what we send on; models do write them now and then. */
  readonly allowsLoneSurrogates?: boolean;
};

const MAX_DEPTH = 1000;

/** Remembering the ends of short or deeply buried values would cost more than walking over them. */
const LONG_BYTES = 4096;
const REMEMBERED_DEPTH = 8;

export function scanJson(bytes: Uint8Array, options: ScanOptions = {}): JsonDocument {
  const source = sourceOf(bytes, options.allowsLoneSurrogates ?? false);
  const ends = new Map<number, number>();
  const starts = new Int32Array(MAX_DEPTH);
  const closers = new Uint8Array(MAX_DEPTH);
  const root = skipSpace(bytes, startsWithBom(bytes) ? 3 : 0);
  if (root === bytes.length) {
    throw new ApiError("invalid_request", "The body is empty. Send a JSON object.");
  }

  let depth = 0;
  let at = root;
  for (;;) {
    // A value begins here.
    const start = at;
    const byte = byteAt(bytes, at);
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (depth === MAX_DEPTH) throw tooDeep(at);
      const closer = byte + 2; // in ASCII both pairs of brackets stand two apart
      starts[depth] = at;
      closers[depth] = closer;
      depth++;
      at = skipSpace(bytes, at + 1);
      if (byteAt(bytes, at) !== closer) {
        if (byte === OPEN_OBJECT) at = scanKey(source, at);
        continue;
      }
    } else {
      at = scanScalar(source, at);
      if (at - start >= LONG_BYTES && depth <= REMEMBERED_DEPTH) ends.set(start, at);
    }

    // A value has ended, and with it perhaps what holds it.
    for (;;) {
      at = skipSpace(bytes, at);
      if (depth === 0) {
        if (at === bytes.length) return { bytes, root, ends };
        throw notJson(bytes, at, "something behind its end");
      }
      const closer = closers[depth - 1];
      const next = byteAt(bytes, at);
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1);
        if (closer === CLOSE_OBJECT) at = scanKey(source, at);
        break;
      }
      if (next !== closer) throw notJson(bytes, at, "neither a comma nor the closing bracket");
      at++;
      depth--;
      const opened = starts[depth] ?? at;
      if (at - opened >= LONG_BYTES && depth <= REMEMBERED_DEPTH) ends.set(opened, at);
    }
  }
}

/** Steps over a key and its colon, to where the value begins. */
function scanKey(source: Source, at: number): number {
  const { bytes } = source;
  if (byteAt(bytes, at) !== QUOTE) throw notJson(bytes, at, "no key where one has to be");
  const colon = skipSpace(bytes, scanString(source, at));
  if (byteAt(bytes, colon) !== COLON) throw notJson(bytes, colon, "no colon behind a key");
  return skipSpace(bytes, colon + 1);
}

function startsWithBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function tooDeep(at: number): ApiError {
  const message = `The body is nested deeper than ${MAX_DEPTH} levels, at byte ${at}. Send flatter JSON.`;
  return new ApiError("invalid_request", message);
}

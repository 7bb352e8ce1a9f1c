/** The small words of JSON, as bytes: where a string, a number or a literal ends, or why it does not. */

import { ApiError } from "../errors.ts";

/** What reading behind the last byte gives. */
const END = -1;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** 1 for what may stand in a string as it is: ASCII without controls, quote and backslash. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** A body under the scanner's eye. */
export type Source = {
  readonly bytes: Uint8Array;
  /** The same bytes four at a time, as far as they lie on the boundary that takes. */
  readonly words: Int32Array;
  readonly allowsLoneSurrogates: boolean;
};

export function sourceOf(bytes: Uint8Array, allowsLoneSurrogates: boolean): Source {
  const { buffer, byteOffset, length } = bytes;
  const isAligned = byteOffset % 4 === 0;
  const words = isAligned ? new Int32Array(buffer, byteOffset, length >> 2) : new Int32Array(0);
  return { bytes, words, allowsLoneSurrogates };
}

/** 1 for what may follow a backslash and stands for itself or one control. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) =>
  `"\\/bfnrt`.includes(String.fromCharCode(byte)) ? 1 : 0,
);

const LITERALS = ["true", "false", "null"].map((word) => new TextEncoder().encode(word));

export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? END;
}

export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  for (;;) {
    const byte = byteAt(bytes, next);
    if (byte !== SPACE && byte !== LINE_FEED && byte !== 0x0d && byte !== 0x09) return next;
    next++;
  }
}

/** Where the string, number or literal that begins at `at` ends. */
export function scanScalar(source: Source, at: number): number {
  const byte = byteAt(source.bytes, at);
  if (byte === QUOTE) return scanString(source, at);
  if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return scanNumber(source.bytes, at);
  return scanLiteral(source.bytes, at);
}

export function scanString(source: Source, quote: number): number {
  const { bytes } = source;
  let at = quote + 1;
  for (;;) {
    const byte = byteAt(bytes, at);
    if (PLAIN[byte] === 1) at = skipPlain(source, at + 1);
    else if (byte === QUOTE) return at + 1;
    else if (byte >= 0x80) at = scanCharacter(bytes, at);
    else if (byte === BACKSLASH) at = scanEscape(source, at);
    else if (byte === END) throw notJson(bytes, at, "a string that does not end");
    else throw notJson(bytes, at, "a control character inside a string");
  }
}

/** Steps over plain text, four bytes at a time: most of a body is this, and it has to be quick. */
function skipPlain({ bytes, words }: Source, start: number): number {
  let at = start;
  while ((at & 3) !== 0) {
    if (PLAIN[bytes[at] ?? 0] !== 1) return at;
    at++;
  }
  let index = at >> 2;
  for (; index < words.length; index++) {
    const word = words[index] ?? 0;
    // Each term sets the high bit of a byte that is not plain: above ASCII, a control, " and \.
    const quotes = (word ^ 0x22222222) - 0x01010101;
    const backslashes = (word ^ 0x5c5c5c5c) - 0x01010101;
    if (((word | (word - 0x20202020) | quotes | backslashes) & 0x80808080) !== 0) break;
  }
  at = Math.max(at, index << 2);
  while (PLAIN[bytes[at] ?? 0] === 1) at++;
  return at;
}

function scanEscape({ bytes, allowsLoneSurrogates }: Source, backslash: number): number {
  const letter = byteAt(bytes, backslash + 1);
  if (letter !== 0x75) {
    if (ESCAPES[letter] === 1) return backslash + 2;
    throw notJson(bytes, backslash, "an unknown escape");
  }
  const unit = hexUnit(bytes, backslash + 2);
  if (unit < 0) throw notJson(bytes, backslash, "an unfinished \\u escape");
  const next = backslash + 6;
  if (unit < 0xd800 || unit > 0xdfff || allowsLoneSurrogates) return next;

  const hasPartner =
    unit < 0xdc00 && byteAt(bytes, next) === BACKSLASH && byteAt(bytes, next + 1) === 0x75;
  const partner = hasPartner ? hexUnit(bytes, next + 2) : END;
  if (partner >= 0xdc00 && partner <= 0xdfff) return next + 6;
  throw notJson(bytes, backslash, "half of a surrogate pair, which stands for no character");
}

/** The four hexadecimal digits at `at` as a number, or a negative one. */
function hexUnit(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let digit = at; digit < at + 4; digit++) {
    const byte = byteAt(bytes, digit);
    const lower = byte | 0x20;
    if (byte >= ZERO && byte <= NINE) unit = unit * 16 + byte - ZERO;
    else if (byte > NINE && lower >= 0x61 && lower <= 0x66) unit = unit * 16 + lower - 0x57;
    else return END;
  }
  return unit;
}

/** Skips one character of several bytes, by the table of well-formed UTF-8 (Unicode 3.9, D92). */
function scanCharacter(bytes: Uint8Array, at: number): number {
  const lead = byteAt(bytes, at);
  const second = byteAt(bytes, at + 1);
  if (lead < 0xe0) {
    if (lead >= 0xc2 && isContinuation(second)) return at + 2;
  } else if (lead < 0xf0) {
    const isInRange = lead === 0xe0 ? second >= 0xa0 : lead !== 0xed || second < 0xa0;
    if (isInRange && isContinuation(second) && isContinuation(byteAt(bytes, at + 2))) return at + 3;
  } else if (lead < 0xf5) {
    const isInRange = lead === 0xf0 ? second >= 0x90 : lead !== 0xf4 || second < 0x90;
    const areRest = isContinuation(byteAt(bytes, at + 2)) && isContinuation(byteAt(bytes, at + 3));
    if (isInRange && isContinuation(second) && areRest) return at + 4;
  }
  throw notJson(bytes, at, "bytes that are not UTF-8");
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

function scanNumber(bytes: Uint8Array, start: number): number {
  let at = byteAt(bytes, start) === MINUS ? start + 1 : start;
  at = byteAt(bytes, at) === ZERO ? at + 1 : scanDigits(bytes, at);
  if (byteAt(bytes, at) === DOT) at = scanDigits(bytes, at + 1);
  if ((byteAt(bytes, at) | 0x20) === 0x65) {
    const sign = byteAt(bytes, at + 1);
    at = scanDigits(bytes, sign === MINUS || sign === 0x2b ? at + 2 : at + 1);
  }
  return at;
}

function scanDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (byteAt(bytes, at) >= ZERO && byteAt(bytes, at) <= NINE) at++;
  if (at === start) throw notJson(bytes, at, "an unfinished number");
  return at;
}

function scanLiteral(bytes: Uint8Array, at: number): number {
  const literal = LITERALS.find((word) => word[0] === bytes[at]);
  if (literal?.every((letter, index) => bytes[at + index] === letter)) return at + literal.length;
  throw notJson(bytes, at, at < bytes.length ? "something that is no value" : "its end too early");
}

/** The refusal of a body, saying what is wrong with it and where. */
export function notJson(bytes: Uint8Array, at: number, found: string): ApiError {
  let line = 1;
  for (let index = 0; index < at; index++) if (bytes[index] === LINE_FEED) line++;
  const place = `at byte ${at} (line ${line})`;
  return new ApiError("invalid_request", `The body is not valid JSON: it has ${found} ${place}.`);
}

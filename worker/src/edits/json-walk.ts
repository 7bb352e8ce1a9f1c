/** Walks over a checked document: members, elements and the strings in them, by their bytes. */

import type { JsonDocument } from "./json-document.ts";
import {
  BACKSLASH,
  byteAt,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from "./json-syntax.ts";

/** From the first byte of something to the one behind its last. */
export type Span = { readonly start: number; readonly end: number };

export type Member = {
  readonly key: string;
  readonly keyStart: number;
  readonly value: Span;
};

/** No name that anybody asks for is longer, even with every letter escaped. */
const LONGEST_KEY_BYTES = 256;

export function isObject({ bytes }: JsonDocument, at: number): boolean {
  return bytes[at] === OPEN_OBJECT;
}

export function isArray({ bytes }: JsonDocument, at: number): boolean {
  return bytes[at] === OPEN_ARRAY;
}

/** The members of the object at `open`, in order, duplicates included; none if it is no object. */
export function* members(document: JsonDocument, open: number): Generator<Member, void> {
  const { bytes } = document;
  for (let place = firstMember(document, open); place; place = memberBehind(document, place)) {
    const { keyStart, keyEnd, start, end } = place;
    const key = keyEnd - keyStart > LONGEST_KEY_BYTES ? "" : decode(bytes, keyStart, keyEnd);
    yield { key, keyStart, value: { start, end } };
  }
}

type MemberPlace = {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
};

function firstMember(document: JsonDocument, open: number): MemberPlace | null {
  return isObject(document, open) ? memberAt(document, skipSpace(document.bytes, open + 1)) : null;
}

function memberBehind(document: JsonDocument, { end }: MemberPlace): MemberPlace | null {
  return memberAt(document, skipComma(document.bytes, end));
}

function memberAt(document: JsonDocument, keyStart: number): MemberPlace | null {
  const { bytes } = document;
  if (byteAt(bytes, keyStart) !== QUOTE) return null;
  const keyEnd = endOfString(bytes, keyStart);
  const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
  return { keyStart, keyEnd, start, end: endOfValue(document, start) };
}

/** From behind a member or an element to the next one, or to the closing bracket. */
function skipComma(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end);
  return byteAt(bytes, at) === COMMA ? skipSpace(bytes, at + 1) : at;
}

/** The elements of the array at `open`, in order; none if it is no array. */
export function* elements(document: JsonDocument, open: number): Generator<Span, void> {
  const { bytes } = document;
  if (!isArray(document, open)) return;
  let at = skipSpace(bytes, open + 1);
  while (byteAt(bytes, at) !== CLOSE_ARRAY) {
    const end = endOfValue(document, at);
    yield { start: at, end };
    at = skipComma(bytes, end);
  }
}

/** The last value of each name asked for, as `JSON.parse` would choose. */
export function lastValues<Name extends string>(
  document: JsonDocument,
  open: number,
  names: readonly Name[],
): Partial<Record<Name, Span>> {
  const found: Partial<Record<Name, Span>> = {};
  for (let place = firstMember(document, open); place; place = memberBehind(document, place)) {
    for (const name of names) {
      if (spells(document.bytes, place, name)) found[name] = place;
    }
  }
  return found;
}

/** Whether a key is this name, in whatever spelling. Most are told apart by their length. */
function spells(bytes: Uint8Array, { keyStart, keyEnd }: MemberPlace, name: string): boolean {
  const length = keyEnd - keyStart - 2;
  if (length !== name.length) {
    // A letter or an underscore can be escaped in one way only, which takes five bytes more.
    const more = length - name.length;
    const mayBeEscaped = more > 0 && more % 5 === 0 && length <= LONGEST_KEY_BYTES;
    return mayBeEscaped && decode(bytes, keyStart, keyEnd) === name;
  }
  for (let index = 0; index < length; index++) {
    if (bytes[keyStart + 1 + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** What a string says; null for any other value and for none. */
export function stringAt({ bytes }: JsonDocument, value: Span | undefined): string | null {
  if (value === undefined || bytes[value.start] !== QUOTE) return null;
  return decode(bytes, value.start, value.end);
}

/** A small value as JavaScript has it. Of one that is too long to mean anything, only its kind. */
export function valueAt(document: JsonDocument, value: Span | undefined): unknown {
  if (value === undefined) return undefined;
  const { bytes } = document;
  const isLong = value.end - value.start > LONGEST_VALUE_BYTES;
  if (isLong && isObject(document, value.start)) return {};
  if (isLong && isArray(document, value.start)) return [];
  return JSON.parse(decodeUtf8(bytes, value.start, value.end)) as unknown;
}

const LONGEST_VALUE_BYTES = 16_384;

function endOfValue({ bytes, ends }: JsonDocument, start: number): number {
  const byte = byteAt(bytes, start);
  const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
  if (!isContainer && byte !== QUOTE) return endOfPlainValue(bytes, start);
  const known = ends.get(start);
  if (known !== undefined) return known;
  return isContainer ? endOfContainer(bytes, start) : endOfString(bytes, start);
}

function endOfContainer(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const byte = byteAt(bytes, at);
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
    at++;
  } while (depth > 0);
  return at;
}

function endOfString(bytes: Uint8Array, quote: number): number {
  // Most strings are keys and roles. For the others the platform's search is much the quicker.
  const soon = Math.min(quote + SHORT_TOKEN_BYTES, bytes.length);
  let at = quote + 1;
  while (at < soon) {
    const byte = byteAt(bytes, at);
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  for (;;) {
    const found = bytes.indexOf(QUOTE, at);
    let before = found - 1;
    while (before >= at && bytes[before] === BACKSLASH) before--;
    const isEscaped = (found - before) % 2 === 0;
    if (!isEscaped) return found + 1;
    at = found + 1;
  }
}

function endOfPlainValue(bytes: Uint8Array, start: number): number {
  let at = start;
  while (PLAIN_VALUE[bytes[at] ?? 0] === 1) at++;
  return at;
}

/** 1 for every byte of numbers and literals. */
const PLAIN_VALUE = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[-+.\w]/.test(String.fromCharCode(byte)) && byte < 0x80 ? 1 : 0,
);

/** The text of the string token from its opening to behind its closing quote. */
function decode(bytes: Uint8Array, start: number, end: number): string {
  const short = end - start <= SHORT_TOKEN_BYTES ? decodeShort(bytes, start + 1, end - 1) : null;
  if (short !== null) return short;
  const hasEscape = bytes.subarray(start, end).includes(BACKSLASH);
  if (!hasEscape) return decodeUtf8(bytes, start + 1, end - 1);
  return String(JSON.parse(decodeUtf8(bytes, start, end)) as unknown);
}

const SHORT_TOKEN_BYTES = 24;

/** Plain ASCII by hand: a call of the decoder costs more than a role or a key is long. */
function decodeShort(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = byteAt(bytes, at);
    if (byte >= 0x80 || byte === BACKSLASH) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

// A byte order mark inside a string is part of it: without `ignoreBOM` the decoder would drop it.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

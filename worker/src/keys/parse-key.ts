/**
 * Reads a memory key and tells a mistyped one from a real one without asking anybody.
 *
 * `mk_`, 43 random base62 characters, and six more that are the CRC-32 of what stands before
 * them. A suffix may take rights away for one request: `:read`, `:write`, `:off`.
 */

import { isMode, type Mode } from "../mode.ts";

export type PresentedKey = {
  /** The key itself, without its suffix. */
  readonly key: string;
  readonly limit: Mode | null;
};

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_LENGTH = 52;
const CHECKSUM_LENGTH = 6;
const SHAPE = /^(mk_[0-9A-Za-z]{49})(?::([a-z]{2,5}))?$/;

/** The key in a credential, or null for everything that cannot be one. */
export function parseKey(credential: string): PresentedKey | null {
  // Before the pattern runs: a credential may be as long as headers get.
  if (credential.length > KEY_LENGTH + ":write".length) return null;
  const [, key, suffix] = SHAPE.exec(credential) ?? [];
  if (key === undefined) return null;

  const body = key.slice(0, -CHECKSUM_LENGTH);
  if (key.slice(-CHECKSUM_LENGTH) !== checksum(body)) return null;

  if (suffix === undefined) return { key, limit: null };
  return isMode(suffix) && suffix !== "on" ? { key, limit: suffix } : null;
}

/** CRC-32 as six base62 characters. Catches slips of the hand, proves nothing. */
export function checksum(body: string): string {
  let rest = crc32(new TextEncoder().encode(body));
  let digits = "";
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Hears an answer as it passes, whatever the provider makes of it.
 *
 * An answer is a stream of events or one JSON body, and its first byte tells which: content types
 * lie, gateways answer JSON where a stream was asked for, and error pages are HTML. What cannot be
 * understood is not heard; nothing in here may disturb the bytes on their way to the client.
 */

import { createParser, type EventSourceParser } from "eventsource-parser";

import { type JsonDocument, scanJson } from "../edits/json-document.ts";
import type { Heard, Listener } from "./dialect.ts";

/** What a dialect makes of an answer's parts. */
export type AnswerReader = {
  readonly readEvent: (data: string, name: string | undefined) => void;
  readonly readBody: (body: JsonDocument) => void;
  readonly hasEnded: () => boolean;
  readonly responseId: () => string | null;
  readonly end: () => Heard;
};

/** A longer body or event is passed on but not understood. */
const MOST_HEARD_BYTES = 16 * 1024 * 1024;

type Hearing =
  | { readonly kind: "waiting" | "deaf" }
  | { readonly kind: "events"; readonly decoder: TextDecoder; readonly parser: EventSourceParser }
  | { readonly kind: "body"; readonly bytes: Gathered };

export function createListener(reader: AnswerReader): Listener {
  let hearing: Hearing = { kind: "waiting" };
  let hasMissed = false;

  const miss = () => {
    hasMissed = true;
    hearing = { kind: "deaf" };
  };
  const begin = (firstByte: number): Hearing => {
    if (firstByte === LESS_THAN) return { kind: "deaf" };
    if (firstByte === OPEN_BRACE) return { kind: "body", bytes: gather() };
    const parser = createParser({
      maxBufferSize: MOST_HEARD_BYTES,
      onEvent: ({ data, event }) => reader.readEvent(data, event),
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") miss();
      },
    });
    return { kind: "events", decoder: new TextDecoder(), parser };
  };
  const hear = (chunk: Uint8Array) => {
    let heard = chunk;
    if (hearing.kind === "waiting") {
      const first = chunk.findIndex((byte) => !SILENT.has(byte));
      if (first < 0) return;
      heard = chunk.subarray(first);
      hearing = begin(heard[0] ?? 0);
    }
    if (hearing.kind === "events") {
      hearing.parser.feed(hearing.decoder.decode(heard, { stream: true }));
    } else if (hearing.kind === "body" && !hearing.bytes.add(heard)) {
      miss();
    }
  };
  const finish = () => {
    // An event that the end cut off from its blank line is still an event if it can be read.
    if (hearing.kind === "events") hearing.parser.feed(`${hearing.decoder.decode()}\n\n`);
    if (hearing.kind === "body") {
      reader.readBody(scanJson(hearing.bytes.all(), { allowsLoneSurrogates: true }));
    }
  };
  return {
    hear: (chunk) => orElse(() => hear(chunk), miss),
    hasEnded: reader.hasEnded,
    responseId: reader.responseId,
    end: () => {
      orElse(finish, () => {});
      const heard = reader.end();
      // To somebody who understands nothing, the last byte is the end.
      const sawEnd = heard.sawEnd || hearing.kind === "deaf";
      return { ...heard, sawEnd, isCut: heard.isCut || hasMissed };
    },
  };
}

const LESS_THAN = 0x3c;
const OPEN_BRACE = 0x7b;

/** White space and the byte order mark, which say nothing about what follows. */
const SILENT: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** Listening is a side matter: when it fails, the answer goes on and less of it is known. */
function orElse(attempt: () => void, instead: () => void): void {
  try {
    attempt();
  } catch {
    instead();
  }
}

type Gathered = {
  /** False when there is too much. */
  readonly add: (chunk: Uint8Array) => boolean;
  readonly all: () => Uint8Array;
};

/** Gathers copies: once a chunk is written on, its buffer is no longer ours. */
function gather(): Gathered {
  let bytes = new Uint8Array(16_384);
  let length = 0;
  return {
    add: (chunk) => {
      const needed = length + chunk.length;
      if (needed > MOST_HEARD_BYTES) return false;
      if (needed > bytes.length) {
        const grown = new Uint8Array(Math.max(needed, bytes.length * 2));
        grown.set(bytes.subarray(0, length));
        bytes = grown;
      }
      bytes.set(chunk, length);
      length = needed;
      return true;
    },
    all: () => bytes.subarray(0, length),
  };
}

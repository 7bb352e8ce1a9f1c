/** What holds for a dialect's listener and every answer that was recorded for it. */

import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Heard, Listener } from "../src/dialects/dialect.ts";

export const UNHEARD: Heard = {
  text: "",
  isCut: false,
  finish: null,
  hasError: false,
  sawEnd: false,
  usage: null,
  responseId: null,
};

type RecordedAnswer = readonly [name: string, expected: Partial<Heard>];

const FIXTURES = new URL("../src/providers/__fixtures__/", import.meta.url);

export function recorded(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FIXTURES)));
}

/** The same as a provider sends it. */
export function recordedAnswer(name: string, headers: Record<string, string> = {}): Response {
  const type = name.endsWith(".sse") ? "text/event-stream" : "application/json";
  return new Response(new Blob([new Uint8Array(recorded(name))]), {
    headers: { "content-type": type, ...headers },
  });
}

const encoder = new TextEncoder();

/** What a listener makes of an answer that comes in these chunks. */
export function heardBy(listener: Listener, chunks: Iterable<Uint8Array | string>): Heard {
  for (const chunk of chunks) {
    listener.hear(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
  }
  return listener.end();
}

/** Tests a listener on its recorded answers, whose names begin with `prefix`. */
export function describeRecorded(
  prefix: string,
  listen: () => Listener,
  answers: readonly RecordedAnswer[],
): void {
  const heardFrom = (...chunks: readonly Uint8Array[]) => heardBy(listen(), chunks);
  const whole = (expected: Partial<Heard>) => ({ ...UNHEARD, ...expected });

  describe(`recorded answers, ${prefix}*`, () => {
    it.each(answers)("hears %s as it was meant", (name, expected) => {
      expect(heardFrom(recorded(name))).toEqual(whole(expected));
    });

    it("has a test for every one of them", () => {
      const names = readdirSync(FIXTURES).filter((name) => name.startsWith(prefix));
      expect(names.filter((name) => !answers.some(([tested]) => tested === name))).toEqual([]);
    });

    it.each(answers)("hears the same of %s in two pieces, wherever it is cut", (name, expected) => {
      const bytes = recorded(name);
      // Compared as text: a matcher for every cut would take longer than all the rest.
      const meant = JSON.stringify(heardFrom(bytes));
      const strange = Array.from({ length: bytes.length + 1 }, (_, cut) => cut).filter(
        (cut) => JSON.stringify(heardFrom(bytes.subarray(0, cut), bytes.subarray(cut))) !== meant,
      );
      expect(strange).toEqual([]);
      expect(JSON.parse(meant)).toEqual(whole(expected));
    });

    it.each(answers)("hears the same of %s byte by byte", (name, expected) => {
      const bytes = Array.from(recorded(name), (byte) => Uint8Array.of(byte));
      expect(heardFrom(...bytes)).toEqual(whole(expected));
    });

    it.each(answers)(
      "hears a beginning of %s when it breaks off, whichever byte is the last",
      (name, expected) => {
        const bytes = recorded(name);
        const { text, finish } = whole(expected);
        const strange = Array.from({ length: bytes.length }, (_, length) =>
          heardFrom(bytes.subarray(0, length)),
        ).filter(
          (heard) =>
            !text.startsWith(heard.text) || (heard.finish !== null && heard.finish !== finish),
        );
        expect(strange).toEqual([]);
      },
    );
  });
}

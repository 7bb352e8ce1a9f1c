import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { escapeText, insertion, removal, replacement, splice } from "./splice.ts";

const encoder = new TextEncoder();

function spliced(text: string, edits: Parameters<typeof splice>[1]): string {
  return new TextDecoder().decode(splice(encoder.encode(text), edits));
}

describe("splice", () => {
  it("gives back the very same bytes when nothing has to change", () => {
    const bytes = encoder.encode('{"a": 1.0}');
    expect(splice(bytes, [])).toBe(bytes);
  });

  it("makes edits in the order of the body, whatever order they come in", () => {
    const edits = [insertion(6, "!"), replacement(2, 3, "--"), removal(0, 1), insertion(0, ">")];
    expect(spliced("abcdef", edits)).toBe(">b--def!");
  });

  it("makes edits that touch each other", () => {
    expect(spliced("abcdef", [removal(1, 3), removal(3, 5), insertion(5, "X")])).toBe("aXf");
  });

  it("leaves everything between edits as it was", () => {
    const cuts = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(
        fc.string({ minLength: 60, maxLength: 60, unit: "grapheme-ascii" }),
        cuts,
        (text, at) => {
          const sorted = at.toSorted((one, other) => one - other);
          const pairs = Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
            start: sorted[index * 2] ?? 0,
            end: sorted[index * 2 + 1] ?? 0,
          }));
          const expected = pairs.reduceRight(
            (left, { start, end }) => `${left.slice(0, start)}<>${left.slice(end)}`,
            text,
          );
          const edits = pairs.map(({ start, end }) => replacement(start, end, "<>"));
          expect(spliced(text, edits.toReversed())).toBe(expected);
        },
      ),
    );
  });

  it.each([
    ["overlap", [removal(0, 3), removal(2, 4)]],
    ["end before they begin", [removal(3, 2)]],
    ["lie behind the end", [insertion(7, "x")]],
  ])("takes edits that %s for a bug", (_, edits) => {
    expect(() => spliced("abcdef", edits)).toThrow(/apart/);
  });
});

describe("escapeText", () => {
  it("writes any text so that it can stand between quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(`"${escapeText(text)}"`)).toBe(text);
      }),
    );
  });
});

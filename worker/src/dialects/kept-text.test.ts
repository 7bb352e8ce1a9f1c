import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createTextKeeper, keepText } from "./kept-text.ts";

const encoder = new TextEncoder();

describe("keepText", () => {
  it("keeps the longest beginning that fits and never half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.nat(80), (text, limit) => {
        const { text: kept, isCut } = keepText(text, limit);
        const next = Array.from(text.slice(kept.length))[0] ?? "";
        expect(text.startsWith(kept)).toBe(true);
        expect(isCut).toBe(kept !== text);
        expect(encoder.encode(kept).length).toBeLessThanOrEqual(limit);
        const grown = isCut ? encoder.encode(kept + next).length : Infinity;
        expect(grown).toBeGreaterThan(limit);
      }),
    );
  });
});

describe("createTextKeeper", () => {
  it("keeps the same of a text in pieces as of the whole", () => {
    const pieces = fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, fc.nat(80), (given, limit) => {
        const keeper = createTextKeeper(limit);
        for (const piece of given) keeper.add(piece);
        expect(keeper.end()).toEqual(keepText(given.join(""), limit));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { cleanText } from "./clean-text.ts";

describe("cleanText", () => {
  it.each([
    ["tag characters", "hi\u{e0068}\u{e0069}\u{e007f}"],
    ["zero-width spaces and joiners", "h\u200b\u200c\u200d\u2060\ufeffi"],
    ["direction overrides and marks", "\u202eh\u202ci\u2066\u2069\u200e\u200f\u061c"],
    ["variation selectors", "h\ufe00\ufe0fi\u{e0100}\u{e01ef}"],
    ["soft hyphens and fillers", "h\u00ad\u034f\u115f\u3164\uffa0i"],
    ["controls", "h\u0000\u0007\u001b\u007f\u009fi"],
    ["annotations", "h\ufff9i\ufffa\ufffb"],
  ])("takes out %s", (_, text) => {
    expect(cleanText(text)).toBe("hi");
  });

  it.each([
    ["families", "👨‍👩‍👧‍👦"],
    ["emoji asked for as emoji", "❤️ ☺︎"],
    ["skin tones and professions", "👩🏽‍⚕️"],
    ["the rainbow flag", "🏳️‍🌈"],
    ["keycaps", "1️⃣ #️⃣"],
    ["flags of countries", "🇳🇴"],
    ["Persian", "می‌خواهم"],
    ["Hindi", "क्‍ष"],
    ["Sinhala", "ශ්‍රී"],
    ["Bengali", "র‌্যাম"],
    ["tabs and lines", "a\tb\nc"],
    ["spaces of all widths", "a\u00a0b\u3000c"],
    ["private signs", "\ue000"],
    ["combining accents", "e\u0301"],
  ])("leaves %s as people write them", (_, text) => {
    expect(cleanText(text)).toBe(text);
  });

  it("keeps one selector or joiner where it does its work, and not the row behind it", () => {
    expect(cleanText("😀\ufe0f\ufe0f\ufe00\u{e0101}")).toBe("😀\ufe0f");
    expect(cleanText("👍\u200d\u200d👍")).toBe("👍👍");
    expect(cleanText("م\u200c\u200c\u200dن")).toBe("م\u200cن");
  });

  it("turns a region's flag into the plain one", () => {
    expect(cleanText("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}")).toBe("🏴");
  });

  it("writes all line ends alike", () => {
    expect(cleanText("a\r\nb\rc\u2028d\u2029e\u0085f")).toBe("a\nb\nc\nd\ne\nf");
  });

  it("replaces halves of characters, which nobody can store", () => {
    expect(cleanText("a\ud83db")).toBe("a\ufffdb");
  });

  it("has nothing left to do the second time", () => {
    const piece = fc.constantFrom(
      "a",
      "1",
      "😀",
      "👍🏽",
      "م",
      "क",
      "्",
      "\u200c",
      "\u200d",
      "\ufe0f",
      "\ufe0e",
      "\u20e3",
      "\u{e0041}",
      "\u202e",
      "\r",
      "\n",
      "\ud83d",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 12 }),
        (parts) => {
          const once = cleanText(parts.join(""));
          expect(cleanText(once)).toBe(once);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["letters", "a".repeat(262_144)],
    ["spaces", " ".repeat(262_144)],
    ["families", "👨‍👩‍👧".repeat(20_000)],
    ["joiners", "\u200d".repeat(262_144)],
    ["tag characters", "\u{e0041}".repeat(131_072)],
  ])("is quick about very many %s", (_, text) => {
    const started = performance.now();
    cleanText(text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

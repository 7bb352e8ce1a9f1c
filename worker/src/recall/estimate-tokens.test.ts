import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { cutToTokens, estimateTokens } from "./estimate-tokens.ts";

describe("estimateTokens", () => {
  // Counted with OpenAI's o200k_base and cl100k_base; the estimate lies near the larger of the two.
  it.each([
    [
      "English",
      "My sister moved to Lisbon last week because she found a small flat there.",
      15,
      15,
    ],
    ["German", "Der Mietvertrag läuft bis Ende September, danach müssen wir weitersehen.", 14, 19],
    ["Russian", "Договор действует до конца сентября, потом посмотрим.", 14, 24],
    ["Japanese", "賃貸契約は九月末まで続きます。その後はまた考えます。", 22, 30],
    ["Chinese", "租约到九月底，之后再看。你能提醒我吗？", 17, 26],
    ["numbers", "2024-05-08 14:33:21, 3.14159265", 17, 17],
  ])("comes close to what vendors count for %s", (_language, text, fewest, most) => {
    const tokens = estimateTokens(text);
    expect(tokens).toBeGreaterThanOrEqual(Math.floor(fewest * 0.8));
    expect(tokens).toBeLessThanOrEqual(Math.ceil(most * 1.3));
  });

  it("costs nothing for an empty text", () => {
    expect(estimateTokens("")).toBe(0);
  });

  it("counts a megabyte of one letter as cheaply as any other text", () => {
    expect(estimateTokens("a".repeat(1_000_000))).toBe(250_000);
  });

  it("never falls when a text grows", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (head, tail) => {
        expect(estimateTokens(head + tail)).toBeGreaterThanOrEqual(estimateTokens(head));
      }),
    );
  });
});

describe("cutToTokens", () => {
  it("leaves a text that fits as it is", () => {
    expect(cutToTokens("A short note.", 10)).toBe("A short note.");
  });

  it("keeps the longest beginning that fits", () => {
    expect(cutToTokens("one two three four", 2)).toBe("one two ");
  });

  it("never ends inside a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat({ max: 20 }), (text, maxTokens) => {
        const cut = cutToTokens(text, maxTokens);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        expect(estimateTokens(cut)).toBeLessThanOrEqual(maxTokens);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { candidate } from "./__fixtures__/candidate.ts";
import { renderBlock } from "./block.ts";
import type { Candidate } from "./candidate.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { type PackOptions, pack } from "./pack.ts";
import { rank } from "./rank.ts";

const NOW = new Date("2025-09-17T12:00:00Z");

/** Candidates in the order given, as if ranked so: each covers the question less than the one before. */
function packed(memories: readonly Partial<Candidate>[], options: Partial<PackOptions> = {}) {
  const candidates = memories.map((memory, index) =>
    candidate({
      id: `${index}`,
      position: index,
      content: `Fact number ${index}.`,
      bm25Turn: 0.9 - index / 100,
      ...memory,
    }),
  );
  return pack(rank(candidates, "anything", { now: NOW, recency: "low" }), {
    exclude: [],
    ...options,
  });
}

const ids = (list: readonly { readonly memory: Candidate }[]) =>
  list.map(({ memory }) => memory.id);
const reasons = ({ left }: ReturnType<typeof pack>) =>
  left.map(({ memory, reason }) => [memory.id, reason]);

describe("pack", () => {
  it("chooses by rank and shows in time order, session by session", () => {
    const { chosen } = packed([
      { sessionNumber: 1, position: 8, createdAt: new Date("2025-09-02T10:08:00Z") },
      { sessionNumber: 2, position: 1, createdAt: new Date("2025-08-01T10:01:00Z") },
      { sessionNumber: 1, position: 2, createdAt: new Date("2025-09-02T10:02:00Z") },
      { sessionNumber: 2, position: 0, createdAt: new Date("2025-08-01T10:00:00Z") },
    ]);
    expect(ids(chosen)).toEqual(["3", "1", "2", "0"]);
    expect(chosen.map((one) => one.rank)).toEqual([4, 2, 3, 1]);
  });

  it("keeps within the budget and says what was left out for it", () => {
    const sentence = "The oven in the kitchen needs a new seal before winter. ";
    const packing = packed(
      [3, 3, 3].map((times, index) => ({ content: `${index} ${sentence.repeat(times)}` })),
      { tokenBudget: 90 },
    );
    expect(packing.tokens).toBeLessThanOrEqual(90);
    expect(ids(packing.chosen)).toEqual(["0", "1"]);
    expect(reasons(packing)).toEqual([["2", "budget"]]);
  });

  it("lets a shorter memory take the room that a longer one does not fit into", () => {
    const packing = packed(
      [{ content: "One. ".repeat(30) }, { content: "Two. ".repeat(30) }, { content: "Three." }],
      { tokenBudget: 100 },
    );
    expect(ids(packing.chosen)).toEqual(["0", "2"]);
  });

  it("tells nothing on a budget of nothing", () => {
    expect(packed([{}], { tokenBudget: 0 })).toMatchObject({ chosen: [], tokens: 0 });
  });

  it("tells no more memories than are wanted", () => {
    const packing = packed([{}, {}, {}], { maxMemories: 2 });
    expect(ids(packing.chosen)).toEqual(["0", "1"]);
    expect(reasons(packing)).toEqual([["2", "count"]]);
  });

  it("cuts a long memory at a word, so that it is not all there is", () => {
    const content = `${"A long story about the boiler. ".repeat(200)}The end.`;
    const { chosen, tokens } = packed([{ content }, {}], { tokenBudget: 1_000 });

    expect(ids(chosen)).toEqual(["0", "1"]);
    expect(chosen[0]?.isCut).toBe(true);
    expect(chosen[0]?.text).toMatch(/^A long story about the boiler\. .*(?:boiler\.|[a-zA-Z]) …$/s);
    expect(tokens).toBeLessThan(300);
    expect(chosen[1]).toMatchObject({ isCut: false, text: "Fact number 1." });
  });

  it("pays for a date once per session and day", () => {
    const day = new Date("2025-09-02T10:00:00Z");
    const together = packed([{ createdAt: day }, { createdAt: day }]);
    const apart = packed([{ createdAt: day }, { createdAt: day, sessionNumber: 2 }]);
    const nextDay = packed([{ createdAt: day }, { createdAt: new Date("2025-09-03T10:00:00Z") }]);
    expect(apart.tokens).toBe(nextDay.tokens);
    expect(apart.tokens).toBeGreaterThan(together.tokens);
  });

  it("never counts less than the block will take beyond its frame", () => {
    const sentence = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 12 }), (contents) => {
        const { chosen, tokens } = packed(contents.map((content) => ({ content })));
        const lines = chosen.map(({ memory, text }) => ({
          ...memory,
          content: text,
          createdAt: memory.createdAt.toISOString(),
        }));
        const frame = renderBlock([{ ...candidate(), content: "", createdAt: "" }], NOW);
        const block = renderBlock(lines, NOW);
        expect(estimateTokens(block)).toBeLessThanOrEqual(estimateTokens(frame) + tokens);
      }),
    );
  });

  describe("what the request already contains", () => {
    const content = "My sister Ida moved to Lisbon in March.";

    it.each([
      ["as a message of its own", [content]],
      ["inside a longer message", [`Earlier I wrote: "${content}" Is that still so?`]],
      ["wrapped and punctuated otherwise", ["my sister\nIda moved — to Lisbon, in March"]],
    ])("is not told again when it stands there %s", (_name, exclude) => {
      const packing = packed([{ content }, {}], { exclude });
      expect(ids(packing.chosen)).toEqual(["1"]);
      expect(reasons(packing)).toEqual([["0", "in_request"]]);
    });

    it("is not told again when the provider has it in a history of its own", () => {
      const history = { memoryIds: ["0"], turnIds: ["turn-1"] };
      const packing = packed([{}, { turnId: "turn-1" }, { turnId: "turn-2" }, {}], { history });
      expect(ids(packing.chosen)).toEqual(["2", "3"]);
      expect(reasons(packing)).toEqual([
        ["0", "in_history"],
        ["1", "in_history"],
      ]);
    });

    it("is not suspected of holding a short memory by chance", () => {
      const packing = packed([{ content: "In March." }], { exclude: [content] });
      expect(ids(packing.chosen)).toEqual(["0"]);
    });

    it("is not pieced together from two messages", () => {
      const exclude = ["My sister Ida moved", "to Lisbon in March."];
      expect(ids(packed([{ content }], { exclude }).chosen)).toEqual(["0"]);
    });
  });

  describe("copies", () => {
    it("are told once, whatever their case and punctuation", () => {
      const packing = packed([{ content: "I live in Oslo." }, { content: "i live in oslo!" }]);
      expect(ids(packing.chosen)).toEqual(["0"]);
      expect(reasons(packing)).toEqual([["1", "copy"]]);
    });

    it.each([
      ["other words", { content: "I live in Bergen." }],
      ["another number", { content: "I live in Oslo 2." }],
      ["another speaker", { content: "I live in Oslo.", name: "Ben" }],
    ])("are not what differs by %s", (_name, other) => {
      expect(packed([{ content: "I live in Oslo." }, other]).left).toEqual([]);
    });
  });

  describe("silence", () => {
    const unrelated = { bm25Turn: 0.05, bm25Window: 0.05, cosTurn: 0.15, cosWindow: 0.1 };

    it("is kept when nothing bears on the question", () => {
      const packing = packed([unrelated, unrelated]);
      expect(packing).toMatchObject({ chosen: [], tokens: 0 });
      expect(reasons(packing).map(([, reason]) => reason)).toEqual(["irrelevant", "irrelevant"]);
    });

    it("is kept about what bears on nothing beside something that does", () => {
      const packing = packed([{}, unrelated]);
      expect(ids(packing.chosen)).toEqual(["0"]);
      expect(reasons(packing)).toEqual([["1", "irrelevant"]]);
    });

    it.each([
      ["the words of the question, though nothing alike", { bm25Turn: 0.6, bm25Window: 0.6 }],
      ["its meaning, though none of its words", { cosTurn: 0.4, cosWindow: 0.4 }],
    ])("is broken by a memory that has %s", (_name, signals) => {
      const none = { bm25Turn: 0, bm25Window: 0, cosTurn: 0.1, cosWindow: 0.1 };
      expect(ids(packed([{ ...none, ...signals }]).chosen)).toEqual(["0"]);
    });

    it("is broken on words alone by all that was found, once something covers the question", () => {
      const wordsOnly = { cosTurn: null, cosWindow: null };
      const weak = { ...wordsOnly, bm25Turn: 0.04, bm25Window: 0.04 };
      const strong = { ...wordsOnly, bm25Turn: 0.6, bm25Window: 0.6 };
      expect(ids(packed([strong, weak]).chosen)).toEqual(["0", "1"]);
      expect(ids(packed([weak, weak]).chosen)).toEqual([]);
    });
  });
});

import { describe, expect, it } from "vitest";

import { NOON } from "../../test/clock.ts";
import { candidate, matching } from "../../test/fakes.ts";
import { type Wanted, choose, compose } from "./compose.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const WANTED: Wanted = {
  question: "What is the dog called?",
  now: new Date(NOON),
  recency: "low",
  tokenBudget: 1_000,
  maxMemories: null,
  exclude: [],
};

const MANY = matching(
  ...Array.from({ length: 60 }, (_, index) =>
    candidate(`Memory number ${index}: my dog Rex was ${index} when we moved to the next town.`, {
      id: `m${index}`,
      position: index,
    }),
  ),
);

describe("a composition", () => {
  it("is no block at all when nothing was found", () => {
    expect(compose(matching(), WANTED)).toMatchObject({ block: null, tokens: 0, chosen: [] });
  });

  it.each([150, 300, 500, 1_000, 2_000])(
    "keeps its block within %i tokens, frame included",
    (tokenBudget) => {
      const { block, tokens, chosen } = compose(MANY, { ...WANTED, tokenBudget });

      expect(chosen.length).toBeGreaterThan(0);
      expect(tokens).toBe(estimateTokens(block ?? ""));
      expect(tokens).toBeLessThanOrEqual(tokenBudget);
    },
  );

  it("adds nothing when the frame alone would use up the budget", () => {
    expect(compose(MANY, { ...WANTED, tokenBudget: 40 })).toMatchObject({ block: null, tokens: 0 });
  });

  it("costs no frame for whoever shows the memories himself", () => {
    const shown = choose(MANY, { ...WANTED, tokenBudget: 300 });

    expect(shown.chosen.length).toBeGreaterThan(
      compose(MANY, { ...WANTED, tokenBudget: 300 }).chosen.length,
    );
  });

  it("is bounded by a count as well", () => {
    expect(compose(MANY, { ...WANTED, maxMemories: 3 }).chosen).toHaveLength(3);
  });
});

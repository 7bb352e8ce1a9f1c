import { describe, expect, it } from "vitest";

import { type Figures, latencyOf, score, summarise } from "./score.ts";

const nothing = { 500: [], 1000: [], 2000: [] };
const others = (count: number) => Array.from({ length: count }, (_, index) => `other ${index}`);

const figures = (value: number): Figures => ({
  "r@5": value,
  "r@10": value,
  "r@20": value,
  mrr: value,
  within_500: value,
  within_1000: value,
  within_2000: value,
});

describe("score", () => {
  it("counts the share of the evidence found at each depth", () => {
    const ranked = ["a", ...others(4), "b", ...others(20), "c"];
    expect(score(["a", "b", "c", "d"], { ranked, within: nothing })).toMatchObject({
      "r@5": 25,
      "r@10": 50,
      "r@20": 50,
    });
  });

  it("counts a message once, however many of its parts were found", () => {
    const ranked = ["a", "a", "a", "a", "a", "b"];
    expect(score(["a", "b"], { ranked, within: nothing })["r@5"]).toBe(100);
  });

  it("takes the place of the first evidence for MRR", () => {
    const mrr = (ranked: string[]) => score(["a", "b"], { ranked, within: nothing }).mrr;
    expect(mrr(["b", "a"])).toBe(100);
    expect(mrr(["x", "y", "z", "a"])).toBe(25);
    expect(mrr(others(30))).toBe(0);
  });

  it("counts within a budget all that was packed, in any order", () => {
    const within = { 500: ["x", "b"], 1000: ["b", "a"], 2000: [...others(40), "b", "a"] };
    expect(score(["a", "b"], { ranked: [], within })).toMatchObject({
      within_500: 50,
      within_1000: 100,
      within_2000: 100,
    });
  });
});

describe("summarise", () => {
  it("averages over questions and keeps adversarial ones apart", () => {
    const { overall, kinds } = summarise([
      { kind: "single-hop", figures: figures(100) },
      { kind: "single-hop", figures: figures(50) },
      { kind: "adversarial", figures: figures(0) },
      { kind: "multi-hop", figures: figures(0) },
    ]);
    expect(overall?.["r@10"]).toBe(50);
    expect(kinds["single-hop"]?.mrr).toBe(75);
    expect(Object.keys(kinds)).toEqual(["multi-hop", "single-hop", "adversarial"]);
  });

  it("has nothing to say without questions", () => {
    expect(summarise([])).toEqual({ overall: null, kinds: {} });
  });
});

describe("latencyOf", () => {
  it("names the durations that half and all but a twentieth of the questions kept within", () => {
    const durations = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(latencyOf(durations)).toEqual({ p50: 50, p95: 95 });
  });

  it("is unknown when nothing was asked", () => {
    expect(latencyOf([])).toBeNull();
  });
});

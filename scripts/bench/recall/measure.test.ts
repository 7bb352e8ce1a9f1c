import { describe, expect, it } from "vitest";

import type { Conversation } from "./cases.ts";
import { measure } from "./measure.ts";
import type { Vault } from "./vault.ts";

const turn = (id: string, text: string) =>
  ({ id, session: "1", role: "user", name: "Ines", at: "2025-05-01T10:00:00Z", text }) as const;

const conversation = (name: string): Conversation => ({
  conversation: name,
  turns: [turn("t1", "We named the boat Petrel."), turn("t2", "The car is red.")],
  questions: [
    { id: "q1", text: "What is the boat called?", kind: "single-hop", evidence: ["t1"] },
    { id: "q2", text: "Which colours were named?", kind: "multi-hop", evidence: ["t1", "t2"] },
  ],
});

/** A vault that finds the first turn for everything, and the second on a large budget. */
function fakeVault(overrides: Partial<Vault> = {}): Vault {
  return {
    fill: async () => {},
    settle: async () => {},
    search: async (_query, wanted) => ({
      ids: "token_budget" in wanted && wanted.token_budget >= 2_000 ? ["t1", "t2"] : ["t1"],
      status: "hit",
      durationMs: 10,
    }),
    ...overrides,
  };
}

const quietly = () => {};

describe("measure", () => {
  it("asks every question once by rank and once by each budget", async () => {
    const asked: unknown[] = [];
    const search: Vault["search"] = async (query, wanted) => {
      asked.push([query, wanted]);
      return { ids: [], status: "empty", durationMs: 1 };
    };
    await measure([conversation("boat")], async () => fakeVault({ search }), quietly);

    expect(asked.slice(0, 4)).toEqual([
      ["What is the boat called?", { limit: 20 }],
      ["What is the boat called?", { token_budget: 500 }],
      ["What is the boat called?", { token_budget: 1_000 }],
      ["What is the boat called?", { token_budget: 2_000 }],
    ]);
    expect(asked).toHaveLength(8);
  });

  it("gives each conversation a vault of its own, asked only when it has settled", async () => {
    const events: string[] = [];
    const open = async (name: string) =>
      fakeVault({
        fill: async (turns) => void events.push(`fill ${name} with ${turns.length}`),
        settle: async () => void events.push(`settle ${name}`),
        search: async () => {
          if (!events.at(-1)?.startsWith("ask")) events.push(`ask ${name}`);
          return { ids: [], status: "empty", durationMs: 1 };
        },
      });

    await measure([conversation("boat"), conversation("car")], open, quietly);

    expect(events).toEqual([
      "fill bench boat with 2",
      "settle bench boat",
      "ask bench boat",
      "fill bench car with 2",
      "settle bench car",
      "ask bench car",
    ]);
  });

  it("scores each question by what came back", async () => {
    const { questions } = await measure([conversation("boat")], async () => fakeVault(), quietly);
    expect(questions[0]).toMatchObject({ kind: "single-hop", figures: { "r@5": 100, mrr: 100 } });
    expect(questions[1]).toMatchObject({
      kind: "multi-hop",
      figures: { "r@5": 50, within_500: 50, within_2000: 100 },
    });
  });

  it("times the search in which the question is new, and counts what was degraded", async () => {
    const search: Vault["search"] = async (_query, wanted) => ({
      ids: [],
      status: "limit" in wanted ? "degraded; reason=embedding_slow" : "empty",
      durationMs: "limit" in wanted ? 40 : 5,
    });
    const { durationsMs, degraded } = await measure(
      [conversation("boat")],
      async () => fakeVault({ search }),
      quietly,
    );
    expect(durationsMs).toEqual([40, 40]);
    expect([...degraded]).toEqual([["degraded; reason=embedding_slow", 2]]);
  });
});

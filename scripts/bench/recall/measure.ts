/** Asks every question of every conversation, each conversation in a vault of its own. */

import type { Conversation, Question } from "./cases.ts";
import { type ScoredQuestion, BUDGETS, DEEPEST, score } from "./score.ts";
import type { Vault } from "./vault.ts";

/** What is told while it goes on. */
export type Progress = (line: string) => void;

export type Measurement = {
  readonly questions: readonly ScoredQuestion[];
  /**
   * Of the search by rank alone: it comes first, so its question is embedded as a new one is. The
   * searches by budget find the vector kept.
   */
  readonly durationsMs: readonly number[];
  /** Searches that were answered with less than the product's best, by the reason it gave. */
  readonly degraded: ReadonlyMap<string, number>;
};

export async function measure(
  conversations: readonly Conversation[],
  openVault: (name: string) => Promise<Vault>,
  progress: Progress,
): Promise<Measurement> {
  const questions: ScoredQuestion[] = [];
  const durationsMs: number[] = [];
  const degraded = new Map<string, number>();

  for (const [index, { conversation, turns, questions: asked }] of conversations.entries()) {
    const place = `${index + 1}/${conversations.length} ${conversation}`;
    progress(`${place}: storing ${turns.length} turns`);
    const vault = await openVault(`bench ${conversation}`.slice(0, 80));
    await vault.fill(turns);
    await vault.settle(
      countdown((waiting) => `${place}: ${waiting} turns wait for their vectors`, progress),
    );
    progress(`${place}: asking ${asked.length} questions`);
    for (const question of asked) {
      const { scored, durationMs, statuses } = await ask(vault, question);
      questions.push(scored);
      durationsMs.push(durationMs);
      for (const status of statuses.filter((one) => one.startsWith("degraded"))) {
        degraded.set(status, (degraded.get(status) ?? 0) + 1);
      }
    }
  }
  return { questions, durationsMs, degraded };
}

/** Tells a number as it falls, in steps worth reading. */
function countdown(line: (left: number) => string, progress: Progress) {
  let told = Number.POSITIVE_INFINITY;
  return (left: number) => {
    if (left === 0 || left > told - 50) return;
    told = left;
    progress(line(left));
  };
}

async function ask(vault: Vault, { text, kind, evidence }: Question) {
  const ranked = await vault.search(text, { limit: DEEPEST });
  const [small, middle, large] = BUDGETS;
  const within = {
    [small]: await vault.search(text, { token_budget: small }),
    [middle]: await vault.search(text, { token_budget: middle }),
    [large]: await vault.search(text, { token_budget: large }),
  };
  const figures = score(evidence, {
    ranked: ranked.ids,
    within: { 500: within[500].ids, 1000: within[1000].ids, 2000: within[2000].ids },
  });
  return {
    scored: { kind, figures },
    durationMs: ranked.durationMs,
    statuses: [ranked, ...Object.values(within)].map(({ status }) => status),
  };
}

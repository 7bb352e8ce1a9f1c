/**
 * What the answers to a question are worth: how much of its evidence was found, and how early.
 *
 * Evidence recall is the share of a question's evidence turns that were found, averaged over the
 * questions, so that a question with five turns of evidence weighs no more than one with a single
 * turn.
 */

export const DEPTHS = [5, 10, 20] as const;
export const BUDGETS = [500, 1_000, 2_000] as const;

/** The most memories that are asked for by rank. */
export const DEEPEST = 20;

/**
 * Questions that ask about what was never said. Their "evidence" is where somebody else said it, so
 * they are reported apart.
 */
export const ADVERSARIAL = "adversarial";

export type Figures = Readonly<
  Record<`r@${(typeof DEPTHS)[number]}` | "mrr" | `within_${(typeof BUDGETS)[number]}`, number>
>;

export type Budget = (typeof BUDGETS)[number];

/** The ids that came back for a question: by rank, and packed into each budget. */
export type Findings = {
  readonly ranked: readonly string[];
  readonly within: Readonly<Record<Budget, readonly string[]>>;
};

export type ScoredQuestion = {
  readonly kind: string;
  readonly figures: Figures;
};

/** A question's figures in percent. */
export function score(evidence: readonly string[], { ranked, within }: Findings): Figures {
  const wanted = new Set(evidence);
  const found = (ids: readonly string[]) =>
    (100 * new Set(ids.filter((id) => wanted.has(id))).size) / wanted.size;
  // A long message has several parts under one id: it is one finding, at its best place.
  const distinct = [...new Set(ranked)].slice(0, DEEPEST);
  const first = distinct.findIndex((id) => wanted.has(id));
  return {
    "r@5": found(distinct.slice(0, 5)),
    "r@10": found(distinct.slice(0, 10)),
    "r@20": found(distinct),
    mrr: first === -1 ? 0 : 100 / (first + 1),
    within_500: found(within[500]),
    within_1000: found(within[1_000]),
    within_2000: found(within[2_000]),
  };
}

export type Summary = {
  /** Over all questions but the adversarial ones; null when there are none. */
  readonly overall: Figures | null;
  readonly kinds: Readonly<Record<string, Figures>>;
};

export function summarise(questions: readonly ScoredQuestion[]): Summary {
  const kinds = Map.groupBy(questions, ({ kind }) => kind);
  const counted = questions.filter(({ kind }) => kind !== ADVERSARIAL);
  return {
    overall: average(counted),
    kinds: Object.fromEntries(
      [...kinds]
        .toSorted(([one], [other]) => order(one).localeCompare(order(other)))
        .flatMap(([kind, scored]) => {
          const figures = average(scored);
          return figures ? [[kind, figures]] : [];
        }),
    ),
  };
}

/** By name, the adversarial ones last. */
const order = (kind: string) => (kind === ADVERSARIAL ? "\uffff" : kind);

function average(questions: readonly ScoredQuestion[]): Figures | null {
  if (questions.length === 0) return null;
  const mean = (figure: keyof Figures) =>
    round(questions.reduce((sum, { figures }) => sum + figures[figure], 0) / questions.length);
  return {
    "r@5": mean("r@5"),
    "r@10": mean("r@10"),
    "r@20": mean("r@20"),
    mrr: mean("mrr"),
    within_500: mean("within_500"),
    within_1000: mean("within_1000"),
    within_2000: mean("within_2000"),
  };
}

export type Latency = { readonly p50: number; readonly p95: number };

/** Percentiles by nearest rank, in milliseconds; null when nothing was measured. */
export function latencyOf(durationsMs: readonly number[]): Latency | null {
  const sorted = durationsMs.toSorted((one, other) => one - other);
  const percentile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50, p95] = [percentile(0.5), percentile(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50: round(p50), p95: round(p95) };
}

const round = (value: number) => Math.round(value * 100) / 100;

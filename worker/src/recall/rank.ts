/**
 * Puts candidates in order: how likely is each to hold what the question asks for?
 *
 * A blend of what one message says, what is said around it, and what its session is about. A
 * message alone is often too short to be found ("Yes, since March!"); its window knows what was
 * asked, its session knows what the talk was about. The weights are round numbers that were chosen
 * once, for conversations in general: they know no data set and no vault.
 *
 * Word scores have no upper bound, so each is measured against the best of this question. Cosines
 * are comparable as they are.
 */

import type { Candidate } from "./candidate.ts";

/** What each signal may add to a score, at most. */
const WEIGHT = {
  words: 3,
  wordsNearby: 2,
  wordsInSession: 3,
  meaning: 5,
  meaningNearby: 6,
  /** A message of a few words seldom states a fact. */
  length: 2.5,
  /** A question seldom answers one. */
  question: -0.7,
  /** "What did Anna cook?" is answered by Anna more often than by who listened to her. */
  speaker: 2.5,
} as const;

/** From this many characters on, a message is no longer suspected of being too short. */
const ENOUGH_CHARS = 400;

/**
 * What being new may add. Low decides between memories that are otherwise about equal, so that a
 * newer fact stands above the one it replaces; high is for asking what happened lately.
 */
const RECENCY_WEIGHT = { low: 0.3, medium: 1.5, high: 5 } as const;

/** The age past which nothing is new at all. Ages are compared by magnitude: 1 hour, 1 day, 1 month … */
const OLD_HOURS = 5 * 365 * 24;

export type Recency = keyof typeof RECENCY_WEIGHT;

export type Signal = keyof typeof WEIGHT | "recency";

/** A candidate with its place in the order, and what each signal contributed to its score. */
export type RankedMemory = {
  readonly memory: Candidate;
  readonly score: number;
  readonly signals: Readonly<Record<Signal, number>>;
};

/** Every candidate, the most promising first; of two that score alike, the newer first. */
export function rank(
  candidates: readonly Candidate[],
  query: string,
  { now, recency }: { readonly now: Date; readonly recency: Recency },
): readonly RankedMemory[] {
  const best = {
    turn: highest(candidates, (memory) => memory.bm25Turn),
    window: highest(candidates, (memory) => memory.bm25Window),
    session: highest(candidates, (memory) => memory.bm25Session),
  };
  const unknown = {
    turn: mean(candidates, (memory) => memory.cosTurn),
    window: mean(candidates, (memory) => memory.cosWindow),
  };
  const named = namedSpeaker(candidates, query);

  return candidates
    .map((memory) => {
      const signals = {
        words: WEIGHT.words * share(memory.bm25Turn, best.turn),
        wordsNearby: WEIGHT.wordsNearby * share(memory.bm25Window, best.window),
        wordsInSession: WEIGHT.wordsInSession * share(memory.bm25Session, best.session),
        meaning: WEIGHT.meaning * (memory.cosTurn ?? unknown.turn),
        meaningNearby: WEIGHT.meaningNearby * (memory.cosWindow ?? unknown.window),
        length: WEIGHT.length * Math.min(1, Math.log1p(memory.chars) / Math.log(ENOUGH_CHARS)),
        question: endsAsQuestion(memory.content) ? WEIGHT.question : 0,
        speaker: named !== null && memory.name === named ? WEIGHT.speaker : 0,
        recency: RECENCY_WEIGHT[recency] * newness(memory.createdAt, now),
      };
      return { memory, score: Object.values(signals).reduce((sum, part) => sum + part), signals };
    })
    .toSorted(byScore);
}

const byScore = (one: RankedMemory, other: RankedMemory) =>
  other.score - one.score ||
  other.memory.createdAt.getTime() - one.memory.createdAt.getTime() ||
  // Two parts of one message, or two messages of one instant: the later one, so that the order never wavers.
  other.memory.sessionNumber - one.memory.sessionNumber ||
  other.memory.position - one.memory.position;

const highest = (candidates: readonly Candidate[], of: (memory: Candidate) => number) =>
  candidates.reduce((best, memory) => Math.max(best, of(memory)), 0);

const share = (score: number, best: number) => (best > 0 ? score / best : 0);

/**
 * What a memory without a vector is assumed to have. It was stored a moment ago, or with words
 * only, which says nothing about its meaning: neither help nor harm it.
 */
function mean(candidates: readonly Candidate[], of: (memory: Candidate) => number | null): number {
  const known = candidates.map(of).filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value) / known.length : 0;
}

/** Question marks of the scripts that have their own. */
const endsAsQuestion = (content: string) => /[?？؟]\s*$/u.test(content.slice(-8));

function newness(createdAt: Date, now: Date): number {
  const hours = Math.max(0, now.getTime() - createdAt.getTime()) / 3_600_000;
  return Math.max(0, 1 - Math.log1p(hours) / Math.log1p(OLD_HOURS));
}

/**
 * The one speaker the question names, by full or first name. A question about two people, or about
 * nobody who speaks here, names none.
 */
function namedSpeaker(candidates: readonly Candidate[], query: string): string | null {
  const words = ` ${wordsOf(query)} `;
  const names = new Set(candidates.flatMap(({ name }) => (name === null ? [] : [name])));
  const named = [...names].filter((name) => {
    const full = wordsOf(name);
    const [first = ""] = full.split(" ");
    return full !== "" && (words.includes(` ${full} `) || words.includes(` ${first} `));
  });
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** Lower-case words with single spaces; "Anna's" is Anna and an s. */
const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .join(" ");

/**
 * Chooses what is worth telling, within a budget of tokens.
 *
 * Choice follows rank; the result stands in time order, session by session, because that is how a
 * talk is understood, and because memories under one heading share its cost. Whatever is left out
 * is returned with the reason, for the receipt.
 */

import type { Candidate } from "./candidate.ts";
import { cutToTokens, estimateTokens } from "./estimate-tokens.ts";
import type { RankedMemory } from "./rank.ts";
import { isInRequest, requestWords, wordsOf } from "./request-words.ts";

const DEFAULT_TOKEN_BUDGET = 1_000;

/** The date above a session's memories, as `[Wednesday 17 September 2025]` and its line ends. */
const HEADING_TOKENS = 9;

/** No memory takes more than this share of the budget: one long answer must not be all there is. */
const LONGEST_SHARE = 1 / 4;
/** A share of a small budget that would leave too little to understand is not enforced. */
const SHORTEST_CUT_TOKENS = 80;

/**
 * Below this, not even the best candidate bears on the question, and silence serves better.
 *
 * Relevance is the mean of two measures between 0 and about 1: the share of the question's words
 * that a message and its window cover, and their cosines with it. Measured on ten long chats with
 * the local embedder, 0.15 takes nothing from questions that have an answer and silences about half
 * of those that have none; 0.2 would silence three quarters at a cost of 0.2 points. The lower one
 * is kept because other embedders put related texts at smaller cosines.
 */
const SILENCE_FLOOR = 0.15;

/** Below this a single memory is not worth its tokens, whatever else was found. It costs no recall. */
const MEMORY_FLOOR = 0.1;

export type LeftReason = "irrelevant" | "in_request" | "in_history" | "copy" | "count" | "budget";

/** A memory that was chosen: what to show of it, and its place among all candidates (1 is best). */
export type PackedMemory = RankedMemory & {
  readonly rank: number;
  readonly text: string;
  readonly isCut: boolean;
};

export type LeftMemory = RankedMemory & { readonly rank: number; readonly reason: LeftReason };

export type Packing = {
  /** In the order in which they are shown. */
  readonly chosen: readonly PackedMemory[];
  readonly left: readonly LeftMemory[];
  /** Of the lines and headings together, never above the budget. */
  readonly tokens: number;
};

/** What stands in the history that a provider keeps, and so in no request. */
export type History = {
  /** Memories that it was told. */
  readonly memoryIds: readonly string[];
  /** Turns it consists of, which are memories themselves. */
  readonly turnIds: readonly string[];
};

export type PackOptions = {
  readonly tokenBudget?: number;
  readonly maxMemories?: number;
  /** Texts that the request itself contains: what it says already need not be told. */
  readonly exclude: readonly string[];
  readonly history?: History | null;
};

export function pack(
  ranked: readonly RankedMemory[],
  {
    tokenBudget = DEFAULT_TOKEN_BUDGET,
    maxMemories = Number.POSITIVE_INFINITY,
    exclude,
    history = null,
  }: PackOptions,
): Packing {
  const chosen: PackedMemory[] = [];
  const left: LeftMemory[] = [];
  const told = new Set<string>();
  const headings = new Set<string>();
  let tokens = 0;

  const isWorthTelling = worthTelling(ranked);
  const request = requestWords(exclude);
  const memoryIds = new Set(history?.memoryIds);
  const turnIds = new Set(history?.turnIds);
  const longest = Math.max(SHORTEST_CUT_TOKENS, Math.floor(tokenBudget * LONGEST_SHARE));

  const reasonToLeave = (memory: Candidate, cost: number): LeftReason | null => {
    if (!isWorthTelling(memory)) return "irrelevant";
    if (memoryIds.has(memory.id) || turnIds.has(memory.turnId ?? "")) return "in_history";
    if (chosen.length >= maxMemories) return "count";
    if (tokens + cost > tokenBudget) return "budget";
    // Comparing words is the dearer part, so it is left to what would be told otherwise.
    if (isInRequest(wordsOf(memory.content), request)) return "in_request";
    return told.has(sayingOf(memory)) ? "copy" : null;
  };

  for (const [index, candidate] of ranked.entries()) {
    const { memory } = candidate;
    const text = shortened(memory.content, longest);
    const heading = headingOf(memory);
    const cost = tokensOfLine(memory, text) + (headings.has(heading) ? 0 : HEADING_TOKENS);
    const reason = reasonToLeave(memory, cost);
    if (reason !== null) {
      left.push({ ...candidate, rank: index + 1, reason });
      continue;
    }
    tokens += cost;
    told.add(sayingOf(memory));
    headings.add(heading);
    chosen.push({ ...candidate, rank: index + 1, text, isCut: text !== memory.content });
  }
  return { chosen: inTimeOrder(chosen), left, tokens };
}

function worthTelling(ranked: readonly RankedMemory[]): (memory: Candidate) => boolean {
  const best = ranked.reduce((most, { memory }) => Math.max(most, relevance(memory)), 0);
  if (best < SILENCE_FLOOR) return () => false;
  // Without a vector, words are all there is, and a low share of them is no sign of anything.
  return (memory) => cosines(memory).length === 0 || relevance(memory) >= MEMORY_FLOOR;
}

/** How much a memory bears on the question, comparable from one question to the next. */
function relevance(memory: Candidate): number {
  const words = (memory.bm25Turn + memory.bm25Window) / 2;
  const meanings = cosines(memory);
  if (meanings.length === 0) return words;
  return (words + meanings.reduce((sum, cosine) => sum + cosine) / meanings.length) / 2;
}

const cosines = ({ cosTurn, cosWindow }: Candidate) =>
  [cosTurn, cosWindow].filter((cosine) => cosine !== null);

const speakerOf = ({ name, role }: Candidate) => name?.trim() || role;

const tokensOfLine = (memory: Candidate, text: string) =>
  estimateTokens(`${speakerOf(memory)}: ${text}\n`);

/** Equal for copies: the same words by the same speaker. Two people may live in the same town. */
const sayingOf = (memory: Candidate) => `${speakerOf(memory)}\n${wordsOf(memory.content)}`;

/** Memories of one session and day stand under one date. */
const headingOf = ({ sessionNumber, createdAt }: Candidate) =>
  `${sessionNumber} ${createdAt.toISOString().slice(0, 10)}`;

function shortened(content: string, maxTokens: number): string {
  const beginning = cutToTokens(content, maxTokens);
  if (beginning === content) return content;
  // Not in the middle of a word, if that leaves anything.
  const words = beginning.replace(/\S+$/u, "").trimEnd();
  return `${words || beginning} …`;
}

function inTimeOrder(chosen: readonly PackedMemory[]): readonly PackedMemory[] {
  const begun = new Map<number, number>();
  for (const { memory } of chosen) {
    const earlier = begun.get(memory.sessionNumber) ?? Number.POSITIVE_INFINITY;
    begun.set(memory.sessionNumber, Math.min(earlier, memory.createdAt.getTime()));
  }
  const begin = ({ memory }: PackedMemory) => begun.get(memory.sessionNumber) ?? 0;
  return chosen.toSorted(
    (one, other) =>
      begin(one) - begin(other) ||
      one.memory.sessionNumber - other.memory.sessionNumber ||
      one.memory.position - other.memory.position,
  );
}

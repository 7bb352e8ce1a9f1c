/** Looks something up in a vault when that is all that was asked: the proxy's recall, shown. */

import type { Matches } from "./candidate.ts";
import type { MemoryKey } from "../keys/memory-key.ts";
import type { SetTimer } from "../deadline.ts";
import { choose } from "./compose.ts";
import type { EmbedQuestion } from "./embed-question.ts";
import type { Packing } from "./pack.ts";
import { questionOf } from "./question.ts";
import { climb } from "./recall.ts";
import type { Recency } from "./rank.ts";

type Search = {
  readonly query: string;
  readonly maxMemories: number | null;
  readonly tokenBudget: number;
  readonly recency: Recency;
  /** The moment from which recency and dates are seen. */
  readonly now: Date;
};

type SearchResult = {
  readonly packing: Packing;
  readonly status: string;
};

export type SearchPorts = {
  readonly recallMemories: (
    memoryKeyId: string,
    question: string,
    vector: readonly number[] | null,
  ) => Promise<Matches>;
  readonly embedQuestion: EmbedQuestion;
  readonly setTimer: SetTimer;
};

export type SearchMemory = (key: MemoryKey, search: Search) => Promise<SearchResult | null>;

/** A search has nothing to go on with when it is late, so it waits longer than a proxied request. */
const EMBED_DEADLINE_MS = 3_000;
const RECALL_DEADLINE_MS = 10_000;

/** Null when the database cannot be asked. */
export function createSearchMemory(ports: SearchPorts): SearchMemory {
  return async (key, search) => {
    const question = questionOf(search.query);
    const { matches, shortfall, rung } = await climb({
      byWords: () => ports.recallMemories(key.id, question, null),
      embed: key.embedding === "hosted" ? () => ports.embedQuestion(question) : null,
      byMeaning: (vector) => ports.recallMemories(key.id, question, vector),
      embedDeadlineMs: EMBED_DEADLINE_MS,
      recallDeadlineMs: RECALL_DEADLINE_MS,
      setTimer: ports.setTimer,
    });
    if (!matches) return null;

    const packing = choose(matches, { ...search, question, exclude: [] });
    if (shortfall !== null)
      return { packing, status: `degraded; reason=${shortfall}; rung=${rung}` };
    return { packing, status: packing.chosen.length > 0 ? "hit" : "empty" };
  };
}

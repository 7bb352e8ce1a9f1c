/**
 * The ladder of recall: by words and meaning, by words alone, or not at all.
 *
 * The deadline belongs to the request that waits, so each rung is what could be had in time. Words
 * are looked up while the question is still being embedded; they are what remains when the
 * embedder is slow or away.
 */

import { type SetTimer, LATE, within } from "../deadline.ts";
import type { Matches } from "./candidate.ts";

type Rung = "hybrid" | "lexical" | "none";

/** Why recall did not get as high as it should. */
export type Shortfall =
  | "embedding_slow"
  | "embedding_failed"
  | "recall_slow"
  | "database_unavailable";

export type Recalled = {
  readonly rung: Rung;
  readonly shortfall: Shortfall | null;
  readonly matches: Matches | null;
};

export type Ladder = {
  /** What the words find. */
  readonly byWords: () => Promise<Matches | null>;
  /** The question's vector; null for a vault that goes by words alone. */
  readonly embed: (() => Promise<readonly number[]>) | null;
  /** What words and meaning find together. */
  readonly byMeaning: (vector: readonly number[]) => Promise<Matches>;
  readonly embedDeadlineMs: number;
  readonly recallDeadlineMs: number;
  readonly setTimer: SetTimer;
};

export async function climb(ladder: Ladder): Promise<Recalled> {
  const { setTimer, recallDeadlineMs } = ladder;
  let soFar: Recalled = { rung: "none", shortfall: "recall_slow", matches: null };

  const words = ladder.byWords().then(
    (matches): Recalled => {
      soFar = { rung: "lexical", shortfall: "recall_slow", matches };
      return soFar;
    },
    (): Recalled => ({ rung: "none", shortfall: "database_unavailable", matches: null }),
  );

  const top = climbByMeaning(ladder).then(async (reached): Promise<Recalled> => {
    if (reached.rung === "hybrid") return reached;
    const { rung, shortfall, matches } = await words;
    return { rung, matches, shortfall: rung === "none" ? shortfall : reached.shortfall };
  });

  const reached = await within(top, recallDeadlineMs, setTimer);
  return reached === LATE ? soFar : reached;
}

async function climbByMeaning(ladder: Ladder): Promise<Recalled> {
  const fallen = (shortfall: Shortfall | null): Recalled => ({
    rung: "none",
    shortfall,
    matches: null,
  });
  if (!ladder.embed) return fallen(null);

  const vector = await within(ladder.embed(), ladder.embedDeadlineMs, ladder.setTimer).catch(
    () => null,
  );
  if (vector === LATE) return fallen("embedding_slow");
  if (vector === null) return fallen("embedding_failed");
  try {
    return { rung: "hybrid", shortfall: null, matches: await ladder.byMeaning(vector) };
  } catch {
    return fallen("database_unavailable");
  }
}

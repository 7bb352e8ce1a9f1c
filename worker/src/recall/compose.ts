/** From what the database found to what the model is told. */

import { renderBlock } from "./block.ts";
import type { Matches } from "./candidate.ts";
import { type PackedMemory, type Packing, pack } from "./pack.ts";
import { type Recency, rank } from "./rank.ts";

export type Wanted = {
  readonly question: string;
  readonly now: Date;
  readonly recency: Recency;
  readonly tokenBudget: number;
  readonly maxMemories: number | null;
  /** Texts that stand in the request already. */
  readonly exclude: readonly string[];
};

export type Composition = {
  /** Null when there is nothing worth telling. */
  readonly block: string | null;
  readonly tokens: number;
  readonly chosen: readonly PackedMemory[];
  readonly left: Packing["left"];
};

export function compose({ candidates }: Matches, wanted: Wanted): Composition {
  const { question, now, recency, tokenBudget, maxMemories, exclude } = wanted;
  const ranked = rank(candidates, question, { now, recency });
  const { chosen, left, tokens } = pack(ranked, {
    tokenBudget,
    exclude,
    ...(maxMemories !== null && { maxMemories }),
  });
  if (chosen.length === 0) return { block: null, tokens: 0, chosen, left };
  return { block: renderBlock(chosen.map(toldAs), now), tokens, chosen, left };
}

function toldAs({ memory, text }: PackedMemory) {
  const { role, name, createdAt, sessionId } = memory;
  return { role, name, content: text, createdAt: createdAt.toISOString(), sessionId };
}

/** From what the database found to what the model is told. */

import { renderBlock } from "./block.ts";
import type { Matches } from "./candidate.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { type History, type PackedMemory, type Packing, pack } from "./pack.ts";
import { type Recency, rank } from "./rank.ts";

export type Wanted = {
  readonly question: string;
  readonly now: Date;
  readonly recency: Recency;
  readonly tokenBudget: number;
  readonly maxMemories: number | null;
  /** Texts that stand in the request already. */
  readonly exclude: readonly string[];
  readonly history?: History | null;
};

export type Composition = Packing & {
  /** Null when there is nothing worth telling. */
  readonly block: string | null;
};

/** The memories worth telling, for whoever shows them himself. */
export function choose({ candidates }: Matches, wanted: Wanted): Packing {
  const { question, now, recency, tokenBudget, maxMemories, exclude, history = null } = wanted;
  return pack(rank(candidates, question, { now, recency }), {
    tokenBudget,
    exclude,
    history,
    ...(maxMemories !== null && { maxMemories }),
  });
}

/** The same as a block, which keeps within the budget as a whole, its frame included. */
export function compose(matches: Matches, wanted: Wanted): Composition {
  const tokenBudget = Math.max(0, wanted.tokenBudget - FRAME_TOKENS);
  const packing = choose(matches, { ...wanted, tokenBudget });
  if (packing.chosen.length === 0) return { ...packing, block: null, tokens: 0 };
  const block = renderBlock(packing.chosen.map(toldAs), wanted.now);
  return { ...packing, block, tokens: estimateTokens(block) };
}

function toldAs({ memory, text }: PackedMemory) {
  const { role, name, createdAt, sessionId } = memory;
  return { role, name, content: text, createdAt: createdAt.toISOString(), sessionId };
}

/** What a block costs that says nothing. */
const FRAME_TOKENS = estimateTokens(
  renderBlock(
    [{ role: "", name: null, content: "", createdAt: "2026-09-30", sessionId: "" }],
    new Date("2026-09-30"),
  ),
);

/** Writes down what came of a step, once its answer is over. */

import type { Heard, Usage } from "../dialects/dialect.ts";
import { storable } from "../recall/storable.ts";
import type { Ending } from "../streams/relay.ts";
import type { BegunTurn, Storing } from "./begun-turn.ts";
import type { Step, Turn } from "./turn.ts";

export type Outcome = {
  /** The status that the client was answered with. */
  readonly status: number;
  readonly ending: Ending;
  /** Null for a refusal, of which nothing is kept. */
  readonly heard: Heard | null;
  readonly latency: Readonly<Record<string, number>>;
  readonly answeredAtMs: number;
};

/** The turn under the name and session that the database gave it, if it ever did. */
export async function settledTurn({ turn, begun }: BegunTurn): Promise<Turn> {
  const known = await begun;
  return known ? { ...turn, turn_id: known.turnId, session_id: known.sessionId } : turn;
}

export function stepOf({ turn, report }: BegunTurn, storing: Storing, outcome: Outcome): Step {
  const { status, heard, latency, answeredAtMs } = outcome;
  const answer = isSuccess(status) ? storable(heard?.text ?? "") : "";
  return {
    request_id: turn.request_id,
    step_key: turn.step_key,
    status,
    finish: finishOf(outcome),
    answer: storing.answer && answer !== "" ? answer : null,
    answer_cut: heard?.isCut ?? false,
    stores_answer: storing.answer,
    response_id: heard?.responseId ?? null,
    usage: heard?.usage ? usageRow(heard.usage) : null,
    tokens_retrieved: report.tokens,
    memories_retrieved: report.memories,
    memory_status: report.status,
    latency,
    answered_at: new Date(answeredAtMs).toISOString(),
  };
}

function finishOf({ status, ending, heard }: Outcome): Step["finish"] {
  if (!isSuccess(status) || !heard || heard.hasError) return "error";
  return ending;
}

const isSuccess = (status: number) => status >= 200 && status <= 299;

function usageRow({ prompt, cached, cacheWrite, completion, reasoning }: Usage) {
  return { prompt, cached, cache_write: cacheWrite, completion, reasoning };
}

/**
 * Begins a turn: the user's words go into the journal while memory is searched for them.
 *
 * Both happen in one call of the database, beside the embedding, and neither can fail the request.
 * What is late is left out; what comes too late is still awaited when the turn ends, so that it is
 * stored under the name the database gave it.
 */

import { type Composition, compose } from "../recall/compose.ts";
import { type Recalled, type Shortfall, climb } from "../recall/recall.ts";
import { questionOf } from "../recall/question.ts";
import type { Begun } from "../database/turns.ts";
import { LATE, within } from "../deadline.ts";
import { recalls } from "../mode.ts";
import { estimateTokens } from "../recall/estimate-tokens.ts";
import type { BeginPorts, BegunTurn, MemoryReport, TurnRequest } from "./begun-turn.ts";
import { draftTurn } from "./draft.ts";
import type { Turn } from "./turn.ts";

export function createBeginTurn(ports: BeginPorts) {
  return async (request: TurnRequest): Promise<BegunTurn> => {
    const startedAtMs = ports.now();
    const turn = await draftTurn(request, ports.now());
    const question = questionOfTurn(request);

    // Nobody waits for a database that was late five times in a row; it is still asked to journal.
    const isGivenUp = ports.breaker.isOpen();
    const asked = askDatabase(ports, request, turn, isGivenUp ? null : question);
    const told = isGivenUp
      ? { ...UNTOLD, shortfall: "database_unavailable" as const }
      : await tell(ports, request, question, asked);

    return {
      turn,
      block: told.block,
      report: reportOf(request, turn, told),
      begun: asked.settled,
      recallMs: ports.now() - startedAtMs,
      embedMs: told.embedMs,
      journal: () => journal(ports, request, asked.settled, told),
    };
  };
}

/** What recall came to. */
type Told = {
  readonly block: string | null;
  readonly tokens: number;
  readonly count: number;
  readonly shortfall: Shortfall | null;
  readonly rung: Recalled["rung"];
  readonly begun: Begun | null;
  /** Null for a block that stands in the journal already. */
  readonly composition: Composition | null;
  readonly embedMs: number | null;
};

const UNTOLD: Told = {
  block: null,
  tokens: 0,
  count: 0,
  shortfall: null,
  rung: "none",
  begun: null,
  composition: null,
  embedMs: null,
};

/** Whether this request may be told anything, and has a place to be told it. */
const wantsBlock = ({ call, steering }: TurnRequest) =>
  recalls(steering.mode) &&
  steering.tokenBudget > 0 &&
  steering.maxMemories !== 0 &&
  call.newestUserText !== null;

function questionOfTurn(request: TurnRequest): string | null {
  const { newestUserText, continues } = request.call;
  if (!wantsBlock(request) || continues || newestUserText === null) return null;
  return questionOf(newestUserText) || null;
}

type Asked = {
  readonly answer: Promise<Begun>;
  /** The same, without ever failing. */
  readonly settled: Promise<Begun | null>;
};

function askDatabase(
  ports: BeginPorts,
  { key, outlive }: TurnRequest,
  turn: Turn,
  question: string | null,
): Asked {
  const askedAtMs = ports.now();
  const answer = ports.beginTurn(key.id, turn, question, ports.maxCandidates);
  const settled = answer.then(
    (begun) => {
      if (ports.now() - askedAtMs <= ports.limits.recallDeadlineMs) ports.breaker.succeeded();
      else ports.breaker.failed();
      return begun;
    },
    (failure: unknown) => {
      ports.breaker.failed();
      ports.onFailure("begin_turn_failed", failure, turn.request_id);
      return null;
    },
  );
  outlive("begin_turn", settled);
  return { answer, settled };
}

async function tell(
  ports: BeginPorts,
  request: TurnRequest,
  question: string | null,
  asked: Asked,
): Promise<Told> {
  if (question === null) return wantsBlock(request) ? tellAgain(ports, asked) : UNTOLD;

  const startedAtMs = ports.now();
  let embedMs: number | null = null;
  const embed = async () => {
    const vector = await ports.embedQuestion(question);
    embedMs = ports.now() - startedAtMs;
    return vector;
  };
  const recalled = await climb({
    byWords: async () => (await asked.answer).matches,
    embed: request.key.embedding === "hosted" ? embed : null,
    byMeaning: (vector) => ports.recallMemories(request.key.id, question, vector),
    ...ports.limits,
    setTimer: ports.setTimer,
  });
  // Only the database knows whether this is a turn's second try, which must be told the same again.
  const restMs = startedAtMs + ports.limits.recallDeadlineMs - ports.now();
  const begun = await within(asked.settled, Math.max(1, restMs), ports.setTimer);
  return fromRecalled(ports, request, {
    question,
    recalled,
    begun: begun === LATE ? null : begun,
    embedMs,
  });
}

type Found = {
  readonly question: string;
  readonly recalled: Recalled;
  readonly begun: Begun | null;
  readonly embedMs: number | null;
};

function fromRecalled(ports: BeginPorts, request: TurnRequest, found: Found): Told {
  const { question, recalled, begun, embedMs } = found;
  const { matches, shortfall, rung } = recalled;
  if (begun?.isSame && begun.block !== null) return { ...UNTOLD, ...replay(begun), embedMs };
  if (!matches) return { ...UNTOLD, begun, shortfall, rung, embedMs };
  const composition = compose(matches, {
    question,
    now: begun?.now ?? new Date(ports.now()),
    recency: request.steering.recency,
    tokenBudget: request.steering.tokenBudget,
    maxMemories: request.steering.maxMemories,
    exclude: request.call.texts,
    history: request.history,
  });
  const { block, tokens, chosen } = composition;
  return { block, tokens, count: chosen.length, shortfall, rung, begun, composition, embedMs };
}

/** A turn that goes on asks nothing anew: it gets the block it began with. */
async function tellAgain(ports: BeginPorts, asked: Asked): Promise<Told> {
  const begun = await within(asked.settled, ports.limits.recallDeadlineMs, ports.setTimer);
  if (begun === LATE) return { ...UNTOLD, shortfall: "recall_slow" };
  if (begun === null) return { ...UNTOLD, shortfall: "database_unavailable" };
  return begun.isSame ? { ...UNTOLD, ...replay(begun) } : { ...UNTOLD, begun };
}

function replay(begun: Begun) {
  const { block, blockMemoryCount: count } = begun;
  if (block === null) return { begun };
  return { begun, block, count, tokens: estimateTokens(block) };
}

async function journal(
  ports: BeginPorts,
  { key }: TurnRequest,
  settled: Promise<Begun | null>,
  { block, composition, rung, shortfall, tokens }: Told,
): Promise<void> {
  if (!composition) return;
  const begun = await settled;
  if (!begun) return;
  const { chosen, left } = composition;
  await ports.journalBlock(key.id, begun.turnId, {
    block,
    memories: chosen.map(({ memory }) => ({ id: memory.id, part: memory.part })),
    receipt: {
      rung,
      reason: shortfall,
      tokens,
      memories: chosen.map(({ memory, rank, score, signals, isCut }) => ({
        id: memory.id,
        part: memory.part,
        rank,
        score,
        signals,
        is_cut: isCut,
      })),
      left: left.slice(0, MAX_LEFT_IN_RECEIPT).map(({ memory, rank, score, reason }) => ({
        id: memory.id,
        part: memory.part,
        rank,
        score,
        reason,
      })),
    },
  });
}

const MAX_LEFT_IN_RECEIPT = 50;

function reportOf(request: TurnRequest, turn: Turn, told: Told): MemoryReport {
  const { begun, block, tokens, count, composition } = told;
  return {
    status: statusOf(request, told),
    tokens: block === null ? 0 : tokens,
    memories: block === null ? 0 : count,
    receiptId: composition || begun?.isSame ? (begun?.turnId ?? turn.turn_id) : null,
    sessionId: begun?.sessionId ?? request.steering.sessionId,
  };
}

function statusOf({ steering }: TurnRequest, { shortfall, rung, block, begun }: Told): string {
  if (!recalls(steering.mode)) return "write";
  if (shortfall !== null) return `degraded; reason=${shortfall}; rung=${rung}`;
  if (begun?.isSame && block !== null) return "replayed";
  return block === null ? "empty" : "hit";
}

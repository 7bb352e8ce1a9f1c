/**
 * One request to a provider and the way of its answer back, with memory on both sides.
 *
 * The answer is the provider's: status, body and the headers its SDK reads. What memory has to say
 * stands in headers beside them, and what memory has to do happens behind them.
 */

import { afterResponse } from "../after-response.ts";
import { within } from "../deadline.ts";
import { sha256 } from "../digest.ts";
import type { Heard } from "../dialects/dialect.ts";
import { ApiError } from "../errors.ts";
import { setMemoryHeaders, setTimingHeaders } from "../memory-headers.ts";
import { forwardedHeaders } from "../providers/forwarded-headers.ts";
import { forwardedQuery } from "../providers/forwarded-query.ts";
import { type Ending, type RelayOptions, relay } from "../streams/relay.ts";
import { relayWhole } from "../streams/relay-whole.ts";
import { responseHeaders } from "../streams/response-headers.ts";
import type { Safety } from "../turns/complete.ts";
import { type Outcome, settledTurn, stepOf } from "../turns/finish.ts";
import type { Exchange, Inference, InferenceContext } from "./inference-context.ts";
import { noteOfResponse } from "./kept-responses.ts";

export type Answered = { readonly answer: Response; readonly upstreamMs: number };

/** Asks the provider, while the block finds its way into the journal. */
export async function askProvider(
  c: InferenceContext,
  asked: Inference,
  exchange: Exchange,
): Promise<Answered> {
  const { services, key } = c.var;
  const { dialect, call, target, apiKey } = asked;
  const { turn, abort } = exchange;
  const outlive = afterResponse(c);

  const journalled = turn?.journal() ?? Promise.resolve();
  outlive("journal_block", journalled);
  if (key.onDisconnect === "stop") {
    c.req.raw.signal.addEventListener("abort", () => abort.abort(), { once: true });
  }

  const startedAtMs = services.now();
  try {
    const answer = await services.send({
      provider: target.provider,
      dialect: { id: dialect.id, path: `${dialect.path}${forwardedQuery(c.req.url)}` },
      headers: await upstreamHeaders(c, asked),
      apiKey,
      body: call.write({ model: target.model, block: turn?.block ?? null }),
      firstByteLimitMs: call.streamed
        ? services.limits.streamFirstByteLimitMs
        : services.limits.answerFirstByteLimitMs,
      abort,
    });
    const upstreamMs = services.now() - startedAtMs;
    await patiently(c, journalled);
    return { answer, upstreamMs };
  } catch (failure) {
    const { status } = ApiError.from(failure);
    outlive("complete_turn", complete(c, exchange, { status, ending: "truncated", heard: null }));
    throw failure;
  }
}

/** The next step of this turn looks for its block as soon as this answer is there. */
async function patiently(c: InferenceContext, journalled: Promise<void>): Promise<void> {
  const { limits, setTimer } = c.var.services;
  await within(
    journalled.catch(() => {}),
    limits.recallDeadlineMs,
    setTimer,
  );
}

async function upstreamHeaders(c: InferenceContext, asked: Inference): Promise<Headers> {
  const headers = forwardedHeaders(c.req.raw.headers);
  const { stickyHeader } = asked.target.provider;
  if (stickyHeader) {
    const session = asked.steering.sessionId ?? asked.call.openingUserText;
    headers.set(stickyHeader, await sha256(JSON.stringify([c.var.key.id, session])));
  }
  return headers;
}

/** Hands the answer to the client; the turn is completed behind it, or before its end. */
export async function handBack(
  c: InferenceContext,
  asked: Inference,
  exchange: Exchange,
  { answer, upstreamMs }: Answered,
): Promise<Response> {
  const { limits } = c.var.services;
  const headers = clientHeaders(c, asked, exchange, answer, upstreamMs);
  const isSync = asked.steering.isSync && exchange.turn !== null && answer.ok;
  const outlive = afterResponse(c);
  c.set("isRelayed", true);

  const options: RelayOptions = {
    answer,
    headers,
    listener: asked.dialect.listen(answer.headers.get("content-type")),
    onDisconnect: c.var.key.onDisconnect,
    drainLimitMs: limits.drainLimitMs,
    idleLimitMs: limits.idleLimitMs,
    waitUntil: (work) => outlive("relay", work),
    abortUpstream: () => exchange.abort.abort(),
    holdEnd: isSync,
    onResponseId: answer.ok ? noteOfResponse(c, asked, exchange) : undefined,
    clientSignal: c.req.raw.signal,
    setTimer: c.var.services.setTimer,
    onEnd: async (heard, ending) => {
      const safety = await complete(
        c,
        exchange,
        { status: answer.status, ending, heard },
        upstreamMs,
      );
      if (!isSync || exchange.storing.refusal !== null) return;
      if (safety === "lost") throw new Error("The turn found no place.");
      headers.set("x-memory-stored", safety);
    },
  };
  return isSync && !isEventStream(answer) ? relayWhole(options) : relay(options);
}

const isEventStream = (answer: Response) =>
  answer.headers.get("content-type")?.includes("text/event-stream") ?? false;

function clientHeaders(
  c: InferenceContext,
  { steering }: Inference,
  { turn, storing }: Exchange,
  answer: Response,
  upstreamMs: number,
): Headers {
  const headers = responseHeaders(answer.headers);
  const silence = {
    status: "off",
    tokens: 0,
    memories: 0,
    receiptId: null,
    sessionId: steering.sessionId,
  };
  setMemoryHeaders(headers, { ...(turn?.report ?? silence), refusal: storing.refusal });
  setTimingHeaders(headers, {
    auth: c.var.authMs,
    embed: turn?.embedMs ?? null,
    recall: turn?.recallMs ?? null,
    upstream: upstreamMs,
    total: c.var.services.now() - c.var.startedAtMs,
  });
  return headers;
}

type End = { readonly status: number; readonly ending: Ending; readonly heard: Heard | null };

/** Stores what came of the exchange, and gives it vectors. */
async function complete(
  c: InferenceContext,
  { turn, storing }: Exchange,
  end: End,
  upstreamMs = 0,
): Promise<Safety> {
  const { services, key } = c.var;
  if (!turn) return "true";
  const outcome: Outcome = {
    ...end,
    latency: {
      auth_ms: c.var.authMs,
      recall_ms: turn.recallMs,
      upstream_ms: upstreamMs,
      total_ms: services.now() - c.var.startedAtMs,
      ...(turn.embedMs !== null && { embed_ms: turn.embedMs }),
    },
    answeredAtMs: services.now(),
  };
  const step = stepOf(turn, storing, outcome);
  const safety = await services.storeTurn(key.id, await settledTurn(turn), step);
  const hasStored = safety === "true" && storing.refusal === null;
  if (hasStored && key.embedding === "hosted") {
    afterResponse(c)("embed_turn", services.embedPending.inVault(key.id));
  }
  return safety;
}

/** Begins what a request and its answer will be to memory: a turn, or nothing at all. */

import { afterResponse } from "../after-response.ts";
import type { BegunTurn } from "../turns/begun-turn.ts";
import { storingOf } from "../turns/storing.ts";
import type { Exchange, Inference, InferenceContext } from "./inference-context.ts";

export async function beginExchange(c: InferenceContext, asked: Inference): Promise<Exchange> {
  const { key, services, requestId } = c.var;
  const { dialect, call, target, steering } = asked;
  const storing = storingOf(key, steering);
  const abort = new AbortController();
  // With memory off the request is the provider's alone: nothing of it reaches the database.
  if (steering.mode === "off") return { turn: null, storing, abort };

  const turn: BegunTurn = await services.beginTurn({
    key,
    dialect: dialect.id,
    call,
    provider: target.provider.id,
    model: target.model,
    steering,
    storing,
    history: asked.history,
    requestId,
    isRetry: Number(c.req.header("x-stainless-retry-count") ?? 0) > 0,
    idempotencyKey: c.req.header("idempotency-key")?.slice(0, MAX_IDEMPOTENCY_KEY_CHARS) ?? null,
    outlive: afterResponse(c),
  });
  return { turn, storing, abort };
}

const MAX_IDEMPOTENCY_KEY_CHARS = 256;

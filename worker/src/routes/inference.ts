/**
 * The endpoints that call a model, each in its own dialect.
 *
 * The handler is a table of contents. Each line is a chapter, told in the module it names.
 */

import { Hono } from "hono";

import { afterResponse } from "../after-response.ts";
import type { BodyEnv, KeyedEnv } from "../app-env.ts";
import { chatCompletions } from "../dialects/chat-completions.ts";
import type { Call, Dialect } from "../dialects/dialect.ts";
import { messages, messageTokens } from "../dialects/messages.ts";
import { responses } from "../dialects/responses.ts";
import { bodyLimit } from "../middleware/body-limit.ts";
import { memoryKeyAuth } from "../middleware/memory-key-auth.ts";
import { type Steering, readSteering } from "../steering.ts";
import { beginExchange } from "./begin-exchange.ts";
import { findProviderKey } from "./find-provider-key.ts";
import { askProvider, handBack } from "./exchange.ts";
import type { Inference, InferenceContext } from "./inference-context.ts";
import { continuedBy } from "./kept-responses.ts";

export const inference = new Hono<KeyedEnv & BodyEnv>()
  .post("/v1/chat/completions", bodyLimit(), memoryKeyAuth(), remembering(chatCompletions))
  .post("/v1/responses", bodyLimit(), memoryKeyAuth(), remembering(responses))
  .post("/v1/messages", bodyLimit(), memoryKeyAuth(), remembering(messages))
  .post("/v1/messages/count_tokens", bodyLimit(), memoryKeyAuth(), remembering(messageTokens));

function remembering(dialect: Dialect) {
  const answer = async (c: InferenceContext): Promise<Response> => {
    const asked = await readInference(c, dialect);
    const exchange = await beginExchange(c, asked);
    const answered = await askProvider(c, asked, exchange);
    return handBack(c, asked, exchange, answered);
  };

  return (c: InferenceContext): Promise<Response> => {
    const answered = answer(c);
    // A client that leaves before the first byte takes the request with it, unless it is awaited.
    afterResponse(c)(
      "answer",
      answered.catch(() => {}),
    );
    return answered;
  };
}

async function readInference(c: InferenceContext, dialect: Dialect): Promise<Inference> {
  const { key, body, services } = c.var;
  const bytes = await body.bytes();
  const call = dialect.read(bytes, { keepSessionId: false });
  const target = services.registry.resolve(call.model, dialect.id);
  const keepsSessionId = target.provider.hasSessionId && call.steering.sessionId !== undefined;
  const steering = steeringOf(c, dialect, call);
  const continued = await continuedBy(services, key, call);
  return {
    dialect,
    call: keepsSessionId ? dialect.read(bytes, { keepSessionId: true }) : call,
    target,
    apiKey: await findProviderKey(c, target.provider),
    steering: { ...steering, sessionId: steering.sessionId ?? continued.sessionId },
    history: continued.history,
  };
}

function steeringOf(c: InferenceContext, dialect: Dialect, call: Call): Steering {
  const { key, keyLimit } = c.var;
  const limit = dialect.isOnlyCounted ? "off" : keyLimit;
  return readSteering(call.steering, c.req.raw.headers, { mode: key.mode, limit });
}

/** What can be done with a response that a provider keeps: read it, read what it answered, end it. */

import { type Context, Hono } from "hono";

import { afterResponse } from "../after-response.ts";
import type { KeyedEnv } from "../app-env.ts";
import { responses as dialect } from "../dialects/responses.ts";
import { setTimingHeaders } from "../memory-headers.ts";
import { memoryKeyAuth } from "../middleware/memory-key-auth.ts";
import { forwardedHeaders } from "../providers/forwarded-headers.ts";
import { forwardedQuery } from "../providers/forwarded-query.ts";
import { relay } from "../streams/relay.ts";
import { responseHeaders } from "../streams/response-headers.ts";
import { findProviderKey } from "./find-provider-key.ts";
import { ownResponse } from "./kept-responses.ts";

export const responses = new Hono<KeyedEnv>()
  .get("/v1/responses/:id", memoryKeyAuth(), (c) => passOn(c, "GET", c.req.param("id")))
  .delete("/v1/responses/:id", memoryKeyAuth(), (c) => passOn(c, "DELETE", c.req.param("id")))
  .post("/v1/responses/:id/cancel", memoryKeyAuth(), (c) =>
    passOn(c, "POST", c.req.param("id"), "/cancel"),
  )
  .get("/v1/responses/:id/input_items", memoryKeyAuth(), (c) =>
    passOn(c, "GET", c.req.param("id"), "/input_items"),
  );

async function passOn(
  c: Context<KeyedEnv>,
  method: "GET" | "POST" | "DELETE",
  id: string,
  deed = "",
): Promise<Response> {
  const { key, services, authMs } = c.var;
  const { limits, registry, setTimer, now } = services;
  const { provider: providerId } = await ownResponse(services, key, id);
  const provider = registry.provider(providerId);
  const abort = new AbortController();
  const startedAtMs = now();

  const answer = await services.send({
    provider,
    dialect: { id: dialect.id, path: `${dialect.path}/${id}${deed}${forwardedQuery(c.req.url)}` },
    headers: forwardedHeaders(c.req.raw.headers),
    apiKey: await findProviderKey(c, provider),
    method,
    body: null,
    firstByteLimitMs: limits.answerFirstByteLimitMs,
    abort,
  });
  c.set("isRelayed", true);
  const headers = responseHeaders(answer.headers);
  const upstream = now() - startedAtMs;
  const total = now() - c.var.startedAtMs;
  setTimingHeaders(headers, { auth: authMs, embed: null, recall: null, upstream, total });

  return relay({
    answer,
    headers,
    listener: dialect.listen(null),
    onDisconnect: "stop", // nobody remembers what is read a second time
    drainLimitMs: limits.drainLimitMs,
    idleLimitMs: limits.idleLimitMs,
    waitUntil: (work) => afterResponse(c)("relay", work),
    abortUpstream: () => abort.abort(),
    clientSignal: c.req.raw.signal,
    setTimer,
    onEnd: async () => {},
  });
}

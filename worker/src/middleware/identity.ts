import { createMiddleware } from "hono/factory";
import { v7 as uuid } from "uuid";

import type { AppEnv } from "../app-env.ts";

/**
 * Gives each request a name of ours. A provider's own request id keeps its header, so ours goes
 * under the usual names only on answers that we made.
 */
export const identity = () =>
  createMiddleware<AppEnv>(async (c, next) => {
    const requestId = uuid();
    c.set("requestId", requestId);
    c.set("isRelayed", false);
    await next();
    c.res.headers.set("x-mr-request-id", requestId);
    if (!c.var.isRelayed && !c.res.headers.has("request-id")) {
      c.res.headers.set("x-request-id", requestId);
    }
  });

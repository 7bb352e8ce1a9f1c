import { createMiddleware } from "hono/factory";

import type { AppEnv } from "../app-env.ts";
import { ApiError } from "../errors.ts";

/** Counts what is under way, and turns requests away once this stack is about to stop. */
export const intake = () =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { inFlight } = c.var.services;
    if (c.req.path === "/local/drain") return next();
    if (inFlight.isDraining()) throw new ApiError("auth_unavailable", "This stack is stopping.");
    return inFlight.track(next());
  });

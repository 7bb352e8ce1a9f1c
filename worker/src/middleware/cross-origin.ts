import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";

import type { AppEnv } from "../app-env.ts";
import { EXPOSED_HEADERS } from "../memory-headers.ts";

const DAY_SECONDS = 86_400;

/** Lets the dashboard's pages, by their exact origins, read our answers. Never with cookies. */
export const crossOrigin = () =>
  createMiddleware<AppEnv>((c, next) => {
    const { dashboardOrigins } = c.var.services;
    return cors({
      origin: [...dashboardOrigins],
      allowMethods: ["GET", "POST", "PATCH", "DELETE"],
      exposeHeaders: [...EXPOSED_HEADERS],
      maxAge: DAY_SECONDS,
    })(c, next);
  });

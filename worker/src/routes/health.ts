/** Who this is, and whether it is well. For everybody, and without a key. */

import { Hono } from "hono";

import manifest from "../../package.json" with { type: "json" };
import type { AppEnv } from "../app-env.ts";

const NAME = "MemoryRouter";

export const health = new Hono<AppEnv>()
  .get("/", (c) => c.json({ name: NAME, version: manifest.version, status: "ok" }))
  .get("/health", async (c) => {
    const { database, cache } = await c.var.services.checkHealth();
    const said = (isWell: boolean) => (isWell ? "ok" : "unavailable");
    return c.json({
      name: NAME,
      version: manifest.version,
      status: database && cache ? "ok" : "degraded",
      database: said(database),
      cache: said(cache),
    });
  });

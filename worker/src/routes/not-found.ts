/** What is answered where nothing is: 404, or 405 when only the method is wrong. */

import type { Context, Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";

import type { AppEnv } from "../app-env.ts";
import { ApiError } from "../errors.ts";

export function notFound(app: Hono<AppEnv>) {
  // Every path under one name, answered with the methods that it knows.
  const paths = new TrieRouter<string>();
  for (const { path, method } of app.routes) {
    if (method !== "ALL") paths.add("KNOWN", path, method);
  }

  return (c: Context<AppEnv>): never => {
    const [matches] = paths.match("KNOWN", c.req.path);
    const methods = new Set(matches.map(([method]) => method));
    if (methods.size === 0) throw new ApiError("not_found");
    if (methods.has("GET")) methods.add("HEAD");
    throw new ApiError("method_not_allowed", undefined, { allow: [...methods].toSorted() });
  };
}

import { createMiddleware } from "hono/factory";

import { afterResponse } from "../after-response.ts";
import type { KeyedEnv } from "../app-env.ts";
import { sha256 } from "../digest.ts";
import { ApiError } from "../errors.ts";
import { readCredentials } from "../keys/credentials.ts";
import { parseKey } from "../keys/parse-key.ts";

/** Lets a request through only if it carries a memory key that may act. */
export const memoryKeyAuth = () =>
  createMiddleware<KeyedEnv>(async (c, next) => {
    const { openKey, now } = c.var.services;
    const startedAtMs = now();
    const { memoryKey, providerKeys } = readCredentials(c.req.raw.headers);

    const presented = memoryKey === null ? null : parseKey(memoryKey);
    if (!presented) throw new ApiError("invalid_memory_key");

    const keyHash = await sha256(presented.key);
    const verdict = await openKey(keyHash, afterResponse(c));
    if (!verdict.isValid) throw new ApiError("invalid_memory_key");

    if (verdict.lastKnownGoodAgeMs !== null) {
      const ageSeconds = Math.round(verdict.lastKnownGoodAgeMs / 1000);
      c.header("X-MR-Key-Lease", `last-known-good; age=${ageSeconds}`);
    }
    c.set("key", verdict.key);
    c.set("keyHash", keyHash);
    c.set("keyLimit", presented.limit);
    c.set("providerKeys", providerKeys);
    c.set("authMs", now() - startedAtMs);
    await next();
  });

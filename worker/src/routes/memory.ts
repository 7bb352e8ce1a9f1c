/** Memory without a model: bringing it in, looking something up, counting it. */

import { Hono } from "hono";
import { z } from "zod";

import { afterResponse } from "../after-response.ts";
import type { BodyEnv, KeyedEnv } from "../app-env.ts";
import { DATABASE_AWAY } from "../database/client.ts";
import { ApiError } from "../errors.ts";
import type { MemoryKey } from "../keys/memory-key.ts";
import { bodyLimit } from "../middleware/body-limit.ts";
import { memoryKeyAuth } from "../middleware/memory-key-auth.ts";
import { type Mode, intersection, recalls, stores } from "../mode.ts";
import { estimateTokens } from "../recall/estimate-tokens.ts";
import type { PackedMemory } from "../recall/pack.ts";
import { questionOf } from "../recall/question.ts";
import { MAX_TOKEN_BUDGET } from "../steering.ts";
import { hasReachedCap } from "../turns/storing.ts";
import { upload } from "../uploads/upload.ts";
import { readJson } from "./read-json.ts";

const MAX_SEARCH_BYTES = 1024 * 1024;
const DEFAULT_LIMIT = 10;

const searchSchema = z.strictObject({
  query: z.string().refine((text) => questionOf(text).trim() !== "", "Say what to look for"),
  limit: z.int().min(1).max(100).optional(),
  token_budget: z.int().min(0).max(MAX_TOKEN_BUDGET).optional(),
  recency: z.enum(["low", "medium", "high"]).default("low"),
  as_of: z.iso.datetime({ offset: true }).optional(),
});

export const memory = new Hono<KeyedEnv & BodyEnv>()
  .post("/v1/memory/search", bodyLimit(MAX_SEARCH_BYTES), memoryKeyAuth(), async (c) => {
    const { searchMemory, now } = c.var.services;
    checkAllowed(c.var.keyLimit, recalls);

    const { query, limit, token_budget, recency, as_of } = await readJson(c.var.body, searchSchema);
    const found = await searchMemory(c.var.key, {
      query,
      recency,
      now: as_of === undefined ? new Date(now()) : new Date(as_of),
      // Either bounds the answer; without both it is a handful.
      maxMemories: limit ?? (token_budget === undefined ? DEFAULT_LIMIT : null),
      tokenBudget: token_budget ?? Number.POSITIVE_INFINITY,
    });
    if (!found) throw new ApiError("auth_unavailable", DATABASE_AWAY);

    const { chosen, tokens } = found.packing;
    c.header("X-Memory-Status", found.status);
    const best = chosen.toSorted((one, other) => one.rank - other.rank);
    return c.json({ memories: best.map(shown), tokens, status: found.status });
  })

  .post("/v1/memory/upload", bodyLimit(), memoryKeyAuth(), async (c) => {
    const { storeBatch, embedPending } = c.var.services;
    const { key, keyLimit, body } = c.var;
    checkAllowed(keyLimit, stores);
    checkRoom(key);

    const isDryRun = c.req.query("dry_run") === "true";
    const store = isDryRun
      ? null
      : (batch: Parameters<typeof storeBatch>[1]) => storeBatch(key.id, batch);
    const report = await upload(body.chunks(), store);
    if (!isDryRun && report.stored > 0) {
      afterResponse(c)("embed_upload", embedPending.inVault(key.id));
    }
    return c.json(report);
  })

  .get("/v1/memory/stats", memoryKeyAuth(), async (c) => {
    return c.json(await c.var.services.memoryStats(c.var.key));
  });

/** A suffix takes rights away here as it does for a proxied request. */
function checkAllowed(limit: Mode | null, needs: (mode: Mode) => boolean): void {
  if (limit === null || needs(intersection([limit]))) return;
  throw new ApiError(
    "not_permitted",
    `The suffix :${limit} of this memory key does not allow that.`,
  );
}

function checkRoom(key: MemoryKey): void {
  if (key.isMemoryReadOnly) throw new ApiError("payment_required");
  if (hasReachedCap(key)) throw new ApiError("cap_reached");
}

function shown({ memory, score, signals, text }: PackedMemory) {
  const { id, role, name, sessionId, createdAt } = memory;
  return {
    id,
    content: text,
    role,
    name,
    session_id: sessionId,
    created_at: createdAt.toISOString(),
    score,
    signals,
    tokens: estimateTokens(text),
  };
}

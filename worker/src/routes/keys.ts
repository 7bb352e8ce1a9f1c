/** Memory keys made by memory keys: one for each end user of a developer's product. */

import { Hono } from "hono";
import { z } from "zod";

import type { BodyEnv, KeyedEnv } from "../app-env.ts";
import { isRefusal } from "../database/client.ts";
import { ApiError } from "../errors.ts";
import { bodyLimit } from "../middleware/body-limit.ts";
import { memoryKeyAuth } from "../middleware/memory-key-auth.ts";
import { MODES } from "../mode.ts";
import { readJson } from "./read-json.ts";

const MAX_BYTES = 64 * 1024;

const newKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  external_id: z.string().min(1).max(200).optional(),
  mode: z.enum(MODES).optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
  token_cap: z.int().min(0).optional(),
});

export const keys = new Hono<KeyedEnv & BodyEnv>().post(
  "/v1/keys",
  bodyLimit(MAX_BYTES),
  memoryKeyAuth(),
  async (c) => {
    const { mintKey, now } = c.var.services;
    if (!c.var.key.mayMint) throw new ApiError("not_permitted");

    const wanted = await readJson(c.var.body, newKeySchema);
    if (wanted.expires_at !== undefined && Date.parse(wanted.expires_at) <= now()) {
      throw new ApiError("invalid_request", "expires_at lies in the past.", {
        param: "expires_at",
      });
    }
    const minted = await mintKey(c.var.key.id, wanted).catch((failure: unknown) => {
      if (isRefusal(failure, "PT409")) throw new ApiError("external_id_taken");
      if (isRefusal(failure, "PT403")) throw new ApiError("not_permitted");
      throw failure;
    });
    return c.json(minted, 201);
  },
);

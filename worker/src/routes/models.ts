/** The models that this key can ask for, in OpenAI's shape. */

import { type Context, Hono } from "hono";

import type { KeyedEnv } from "../app-env.ts";
import { ApiError } from "../errors.ts";
import { memoryKeyAuth } from "../middleware/memory-key-auth.ts";

export const models = new Hono<KeyedEnv>()
  .get("/v1/models", memoryKeyAuth(), async (c) => {
    return c.json({ object: "list", data: await modelsOf(c) });
  })
  .get("/v1/models/:id{.+}", memoryKeyAuth(), async (c) => {
    const model = (await modelsOf(c)).find(({ id }) => id === c.req.param("id"));
    if (!model) throw new ApiError("model_not_found");
    return c.json(model);
  });

async function modelsOf(c: Context<KeyedEnv>) {
  const { key, providerKeys, services } = c.var;
  const { models: found, failed } = await services.listModels(providerKeys, key.providerKeys);
  if (failed.length > 0) c.header("X-MR-Providers-Failed", failed.join(", "));
  // Some of it is an answer; nothing at all would look like an account without models.
  if (failed.length > 0 && found.length === 0) throw new ApiError("provider_unreachable");
  return found;
}

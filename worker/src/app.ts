/** The worker's surface: what runs around every request, and where each path is answered. */

import { Hono } from "hono";

import type { AppEnv } from "./app-env.ts";
import { DATABASE_AWAY, isUnavailable } from "./database/client.ts";
import { ApiError, errorBody, errorHeaders, errorShape } from "./errors.ts";
import { logError, logEvent } from "./log.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { identity } from "./middleware/identity.ts";
import { intake } from "./middleware/intake.ts";
import { health } from "./routes/health.ts";
import { inference } from "./routes/inference.ts";
import { keys } from "./routes/keys.ts";
import { local } from "./routes/local.ts";
import { memory } from "./routes/memory.ts";
import { models } from "./routes/models.ts";
import { notFound } from "./routes/not-found.ts";
import { responses } from "./routes/responses.ts";
import type { Services } from "./services.ts";

export function createApp(servicesOf: (env: Env) => Services) {
  const app = new Hono<AppEnv>();

  app.use(identity());
  app.use(async (c, next) => {
    c.set("services", servicesOf(c.env));
    c.set("startedAtMs", c.var.services.now());
    await next();
  });
  app.use(crossOrigin(), intake());

  app.route("/", health);
  app.route("/", inference);
  app.route("/", responses);
  app.route("/", models);
  app.route("/", memory);
  app.route("/", keys);
  app.route("/", local);

  app.notFound(notFound(app));

  app.onError((thrown, c) => {
    const error = isUnavailable(thrown)
      ? new ApiError("auth_unavailable", DATABASE_AWAY, { cause: thrown })
      : ApiError.from(thrown);
    const { requestId } = c.var;
    if (error.cause !== undefined) logError(error.code, error.cause, { requestId });
    else if (error.status >= 500) logEvent(error.code, { requestId });
    const shape = errorShape(c.req.path);
    const headers = errorHeaders(error, requestId, shape);
    return c.json(errorBody(error, requestId, shape), error.status, headers);
  });

  return app;
}

import type { Context } from "hono";

import type { AppEnv } from "./app-env.ts";
import type { Outlive } from "./keys/lease.ts";
import { logError } from "./log.ts";

/**
 * Lets work outlive its request. By the time it fails nobody is left to tell, so a failure is
 * recorded and goes no further.
 */
export function afterResponse<E extends AppEnv>(c: Context<E>): Outlive {
  const { requestId, services } = c.var;
  return (name, work) => {
    const recorded = work.catch((cause: unknown) =>
      logError(`${name}_failed`, cause, { requestId }),
    );
    c.executionCtx.waitUntil(services.inFlight.track(recorded));
  };
}

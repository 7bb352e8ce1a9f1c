/** What only the local stack's own host may ask. To everybody else it is not there. */

import { Hono } from "hono";

import type { AppEnv } from "../app-env.ts";
import { pause } from "../deadline.ts";
import { sha256 } from "../digest.ts";
import { ApiError } from "../errors.ts";

const DRAIN_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

export const local = new Hono<AppEnv>()
  /** Stops taking requests and answers once nothing is under way any more. */
  .post("/local/drain", async (c) => {
    const { localSecret, inFlight, now, setTimer } = c.var.services;
    const presented = c.req.header("authorization") ?? "";
    const isHost = localSecret !== null && (await isSame(presented, `Bearer ${localSecret}`));
    if (!isHost) throw new ApiError("not_found");

    inFlight.stopIntake();
    const endMs = now() + DRAIN_LIMIT_MS;
    while (!inFlight.isIdle() && now() < endMs) await pause(LOOK_EVERY_MS, setTimer);
    return c.json({ drained: inFlight.isIdle() });
  });

/** Compares digests, so that the time taken says nothing about the secret. */
async function isSame(one: string, other: string): Promise<boolean> {
  return (await sha256(one)) === (await sha256(other));
}

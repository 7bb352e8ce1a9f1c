/** A place for one more stack: tests and benchmarks run beside whatever else runs here. */

import { PlatformError } from "./platform-error.ts";
import { checkPorts, planPorts, PORT_NAMES } from "./ports.ts";

/** Below the range the system hands out by itself, so that no outgoing connection takes one away. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 50;

/** Resolves to a `portBase` whose ten ports are free now. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const base = LOWEST + 10 * Math.floor((Math.random() * (HIGHEST - LOWEST)) / 10);
    const isFree = await checkPorts(planPorts(base), PORT_NAMES).then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
  throw new PlatformError("There are no ten free ports in a row between 20000 and 32000.");
}

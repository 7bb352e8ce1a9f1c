/** Finds ten ports for a stack that must not get in the way of another: tests and benchmarks. */

import { checkPorts, planPorts, PORT_NAMES } from "./ports.ts";

const FIRST_BASE = 55_000;
const LAST_BASE = 59_990;

export async function findPortBase(from = FIRST_BASE): Promise<number> {
  for (let base = from; base <= LAST_BASE; base += 10) {
    const isFree = await checkPorts(planPorts(base), PORT_NAMES).then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
  throw new Error(`No ten ports are free between ${from} and ${LAST_BASE + 9}`);
}

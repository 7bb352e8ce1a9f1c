/** What of a turn may be kept. */

import type { MemoryKey } from "../keys/memory-key.ts";
import { stores } from "../mode.ts";
import type { Steering } from "../steering.ts";
import type { Storing } from "./begun-turn.ts";

export function storingOf(key: MemoryKey, steering: Steering): Storing {
  const refusal = refusalOf(key, steering);
  return {
    user: refusal === null && steering.storesUser,
    answer: refusal === null && steering.storesAnswer,
    refusal,
  };
}

function refusalOf(key: MemoryKey, steering: Steering): Storing["refusal"] {
  if (!stores(steering.mode)) return "mode";
  if (key.isMemoryReadOnly) return "allowance";
  if (hasReachedCap(key)) return "cap";
  return steering.storesUser || steering.storesAnswer ? null : "request";
}

export const hasReachedCap = ({ tokenCap, tokensStoredThisMonth }: MemoryKey) =>
  tokenCap !== null && tokensStoredThisMonth >= tokenCap;

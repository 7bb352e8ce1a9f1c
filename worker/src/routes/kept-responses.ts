/**
 * Responses that a provider keeps, and the memory key each belongs to.
 *
 * The keys of an account share its accounts at providers, and a provider hands a response to
 * whoever names it. So what a request names has to be this key's own; what is another's answers as
 * what was never made, and no provider hears of it. Conversations are made where no key of ours
 * reaches, so no key has one of its own.
 */

import type { Call } from "../dialects/dialect.ts";
import { ApiError } from "../errors.ts";
import type { KeptResponse } from "../database/responses.ts";
import type { MemoryKey } from "../keys/memory-key.ts";
import type { History } from "../recall/pack.ts";
import type { Services } from "../services.ts";
import type { OnResponseId } from "../streams/naming.ts";
import { settledTurn } from "../turns/finish.ts";
import type { Exchange, Inference, InferenceContext } from "./inference-context.ts";

/** No provider's id looks otherwise, and none that does could stand in a path. */
const RESPONSE_ID = /^[a-z0-9][\w.:~-]{0,255}$/i;

/** A response of this key's own. Throws `response_not_found` for any other. */
export async function ownResponse(
  services: Services,
  key: MemoryKey,
  responseId: string,
): Promise<KeptResponse> {
  const found = RESPONSE_ID.test(responseId)
    ? await services.findResponse(key.id, responseId)
    : null;
  if (!found) throw new ApiError("response_not_found");
  return found;
}

/** What a request goes on with. */
export type Continued = {
  readonly sessionId: string | null;
  readonly history: History | null;
};

export async function continuedBy(
  services: Services,
  key: MemoryKey,
  { continued, previousResponseId }: Call,
): Promise<Continued> {
  const known = new Map<string, KeptResponse>();
  for (const id of new Set(continued)) known.set(id, await ownResponse(services, key, id));
  const previous = known.get(previousResponseId ?? "");
  return { sessionId: previous?.sessionId ?? null, history: previous?.history ?? null };
}

/** Takes note of an answer that its provider will keep; undefined for one that it will not. */
export function noteOfResponse(
  c: InferenceContext,
  { call, target, steering }: Inference,
  { turn }: Exchange,
): OnResponseId | undefined {
  if (!call.isKept) return undefined;
  return async (id) => {
    const known = turn && (await settledTurn(turn));
    await c.var.services.recordResponse(c.var.key.id, {
      id,
      provider: target.provider.id,
      turnId: known?.turn_id ?? null,
      sessionId: known?.session_id ?? steering.sessionId,
      previousId: call.previousResponseId,
    });
  };
}

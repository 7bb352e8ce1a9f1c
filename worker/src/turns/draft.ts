/** Writes down a turn as it is known before the database has heard of it. */

import { v7 as uuid } from "uuid";

import { sha256 } from "../digest.ts";
import { keepText } from "../dialects/kept-text.ts";
import { cleanText } from "../recall/clean-text.ts";
import { storable } from "../recall/storable.ts";
import type { TurnRequest } from "./begun-turn.ts";
import type { Turn } from "./turn.ts";
import { stepKey, turnKey } from "./turn-key.ts";

export async function draftTurn(request: TurnRequest, nowMs: number): Promise<Turn> {
  const { key, call, dialect, steering, storing } = request;
  const seed = await sessionSeed(key.id, call.openingUserText);
  const identity = {
    memoryKeyId: key.id,
    session: steering.sessionId ?? seed,
    dialect,
    previousResponseId: call.previousResponseId,
  };
  const kept = keepText(call.newestUserText ?? "");
  // Cut before it is looked through: a message may be as large as a request.
  const userText = storable(kept.text);
  return {
    turn_id: uuid({ msecs: nowMs }),
    turn_key: await turnKey(identity, call.turnSequence),
    step_key: await stepKey(identity, call.stepSequence),
    request_id: request.requestId,
    session_id: steering.sessionId,
    session_seed: seed,
    dialect,
    provider: request.provider,
    model: cleanText(request.model),
    user_text: storing.user && userText !== "" ? userText : null,
    user_name: nameOf(call.newestUserName),
    user_text_cut: kept.isCut,
    stores_user: storing.user,
    continues: call.continues,
    is_retry: request.isRetry,
    idempotency_key: request.idempotencyKey,
    begun_at: new Date(nowMs).toISOString(),
  };
}

const MAX_NAME_CHARS = 128;

function nameOf(name: string | null): string | null {
  if (name === null) return null;
  return cleanText(name).trim().slice(0, MAX_NAME_CHARS).toWellFormed() || null;
}

/** What a conversation without a session id is recognised by: how it began. */
async function sessionSeed(memoryKeyId: string, openingUserText: string | null): Promise<string> {
  const digest = await sha256(JSON.stringify([memoryKeyId, openingUserText]));
  return digest.slice(0, SEED_CHARS);
}

const SEED_CHARS = 32;

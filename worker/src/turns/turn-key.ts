/**
 * Names for a turn and for its steps, equal only when everything said so far is equal.
 *
 * A turn's name reaches up to its newest user text and stays the same while tools are called; a
 * step's covers the whole request. Both are hashes: the journal needs to compare conversations, not
 * to hold them twice.
 */

import { sha256 } from "../digest.ts";

export type TurnIdentity = {
  readonly memoryKeyId: string;
  /** The session's id, or the seed it is derived from. */
  readonly session: string;
  readonly dialect: string;
  readonly previousResponseId: string | null;
};

/** From a call's `turnSequence`. Lower-case hex. */
export function turnKey(identity: TurnIdentity, turnSequence: string): Promise<string> {
  return digest("turn", identity, turnSequence);
}

/** From a call's `stepSequence`. Lower-case hex. */
export function stepKey(identity: TurnIdentity, stepSequence: string): Promise<string> {
  return digest("step", identity, stepSequence);
}

function digest(kind: string, identity: TurnIdentity, sequence: string): Promise<string> {
  const { memoryKeyId, session, dialect, previousResponseId } = identity;
  // JSON escapes line feeds, so nothing in the first line can pass for the sequence behind it.
  const named = JSON.stringify([kind, memoryKeyId, session, dialect, previousResponseId]);
  return sha256(`${named}\n${sequence}`);
}

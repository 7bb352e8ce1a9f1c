/**
 * Notes which memory key made a response that its provider keeps.
 *
 * The answer's end waits for the note, so that a client which knows the id can go on with it. When
 * the database is away the answer ends all the same: completing the turn notes the id once more.
 */

import type { NewResponse } from "../database/responses.ts";
import type { SetTimer } from "../deadline.ts";
import { insist } from "./insist.ts";

export type RecordResponsePorts = {
  readonly recordResponse: (
    memoryKeyId: string,
    response: NewResponse,
    limitMs: number,
  ) => Promise<void>;
  readonly isFinal: (failure: unknown) => boolean;
  readonly setTimer: SetTimer;
  readonly onLost: (cause: unknown, responseId: string) => void;
};

/** Never rejects. */
export type RecordResponse = (memoryKeyId: string, response: NewResponse) => Promise<void>;

export function createRecordResponse(ports: RecordResponsePorts): RecordResponse {
  return async (memoryKeyId, response) => {
    try {
      await insist((limitMs) => ports.recordResponse(memoryKeyId, response, limitMs), ports);
    } catch (failure) {
      ports.onLost(failure, response.id);
    }
  };
}

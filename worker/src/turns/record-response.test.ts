import { describe, expect, it, vi } from "vitest";

import { createClock } from "../../test/clock.ts";
import { databaseIsDown } from "../../test/fakes.ts";
import { DatabaseFailure, isFinal } from "../database/client.ts";
import { type RecordResponsePorts, createRecordResponse } from "./record-response.ts";

const RESPONSE = {
  id: "resp_1",
  provider: "openai",
  turnId: null,
  sessionId: "s1",
  previousId: null,
};

function recording(answer: RecordResponsePorts["recordResponse"] = async () => {}) {
  const clock = createClock();
  const recordResponse = vi.fn<RecordResponsePorts["recordResponse"]>(answer);
  const onLost = vi.fn<RecordResponsePorts["onLost"]>();
  const record = createRecordResponse({
    recordResponse,
    isFinal,
    setTimer: clock.setTimer,
    onLost,
  });
  return { note: () => clock.until(record("key", RESPONSE)), recordResponse, onLost };
}

describe("noting a response", () => {
  it("takes one call on a quiet day", async () => {
    const { note, recordResponse, onLost } = recording();
    await note();
    expect(recordResponse.mock.calls).toEqual([["key", RESPONSE, expect.any(Number)]]);
    expect(onLost).not.toHaveBeenCalled();
  });

  it("is tried three times and then left to the turn's completion", async () => {
    const { note, recordResponse, onLost } = recording(databaseIsDown);
    await note();
    expect(recordResponse).toHaveBeenCalledTimes(3);
    expect(onLost).toHaveBeenCalledWith(expect.any(DatabaseFailure), "resp_1");
  });

  it("is not tried again when the database has said its last word", async () => {
    const refused = () => Promise.reject(new DatabaseFailure("record_response", 404, "PT404"));
    const { note, recordResponse, onLost } = recording(refused);
    await note();
    expect(recordResponse).toHaveBeenCalledTimes(1);
    expect(onLost).toHaveBeenCalledTimes(1);
  });
});

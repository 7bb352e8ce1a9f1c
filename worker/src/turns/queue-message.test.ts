import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { STEP, TURN } from "../../test/turns.ts";
import { messagesOf, parseQueueMessage } from "./queue-message.ts";

const KEY_ID = "0193a000-0000-7000-8000-000000000001";
const bytesOf = (message: object) => new TextEncoder().encode(JSON.stringify(message)).length;

/** What the database makes of the pieces. */
const joined = (messages: ReturnType<typeof messagesOf>) =>
  JSON.parse(messages.map((message) => (message.kind === "piece" ? message.payload : "")).join(""));

describe("queue messages", () => {
  it("carry a turn whole when it is light", () => {
    expect(messagesOf(KEY_ID, TURN, STEP)).toEqual([
      { version: 1, kind: "turn", memory_key_id: KEY_ID, turn: TURN, step: STEP },
    ]);
  });

  it.each([
    ["ASCII", "a"],
    ["quotes, which grow when they are escaped", '"'],
    ["backslashes", "\\"],
    ["three-byte letters", "語"],
    ["emoji", "😀"],
    ["control characters", "\u0001"],
    ["line breaks", "\n"],
  ])("carry 256 KB of %s a side in pieces below 100 KB", (_name, letter) => {
    const long = letter.repeat(Math.floor((256 * 1024) / new TextEncoder().encode(letter).length));
    const turn = { ...TURN, user_text: long };
    const step = { ...STEP, answer: long };

    const messages = messagesOf(KEY_ID, turn, step);

    expect(Math.max(...messages.map(bytesOf))).toBeLessThan(100_000);
    expect(joined(messages)).toEqual({ turn, step });
    for (const message of messages) expect(parseQueueMessage(message)).toEqual(message);
  });

  it("carry any text unharmed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 40_000, maxLength: 60_000 }), (answer) => {
        const step = { ...STEP, answer: answer.repeat(3) };
        const messages = messagesOf(KEY_ID, TURN, step);
        expect(Math.max(...messages.map(bytesOf))).toBeLessThan(100_000);
        expect(joined(messages)).toEqual({ turn: TURN, step });
      }),
      { numRuns: 10 },
    );
  });

  it("survive the way through JSON", () => {
    const [message] = messagesOf(KEY_ID, TURN, STEP);

    expect(parseQueueMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  it.each([
    ["nothing", null],
    ["a text", "turn"],
    [
      "another version",
      { version: 2, kind: "turn", memory_key_id: KEY_ID, turn: TURN, step: STEP },
    ],
    ["a kind that we do not know", { version: 1, kind: "order", memory_key_id: KEY_ID }],
    ["a turn without its key", { version: 1, kind: "turn", turn: TURN, step: STEP }],
    [
      "a step that is none",
      { version: 1, kind: "turn", memory_key_id: KEY_ID, turn: TURN, step: {} },
    ],
  ])("are not understood as %s", (_name, body) => {
    expect(parseQueueMessage(body)).toBeNull();
  });
});

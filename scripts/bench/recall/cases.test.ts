import { describe, expect, it } from "vitest";

import { parseCases, readCases } from "./cases.ts";

const conversation = {
  conversation: "boat",
  turns: [
    {
      id: "t1",
      session: "1",
      role: "user",
      name: "Ines",
      at: "2025-05-01T10:00:00.000Z",
      text: "We named the boat Petrel.",
    },
  ],
  questions: [{ id: "q1", text: "What is the boat called?", kind: "single-hop", evidence: ["t1"] }],
};

const line = (changes: object = {}) => JSON.stringify({ ...conversation, ...changes });

describe("parseCases", () => {
  it("reads a conversation a line and passes over blank ones", () => {
    const cases = parseCases(`${line()}\n\n${line({ conversation: "car" })}\n`, "cases.jsonl");
    expect(cases.map((one) => one.conversation)).toEqual(["boat", "car"]);
    expect(cases[0]).toEqual(conversation);
  });

  it("says which line is broken, and how", () => {
    expect(() => parseCases(`${line()}\n{"conversation"`, "cases.jsonl")).toThrow(
      "Line 2 of cases.jsonl is not valid JSON.",
    );
    expect(() => parseCases(line({ turns: [{ id: "t1" }] }), "cases.jsonl")).toThrow(
      /^Line 1 of cases\.jsonl is no conversation: turns\.0\.session: /,
    );
  });

  it("refuses evidence that is no turn", () => {
    const questions = [{ id: "q1", text: "Where?", kind: "single-hop", evidence: ["t9"] }];
    expect(() => parseCases(line({ questions }), "cases.jsonl")).toThrow(
      "Line 1 of cases.jsonl is no conversation: question q1 names turn t9 as evidence, which is not there.",
    );
  });

  it("refuses a file without conversations", () => {
    expect(() => parseCases("\n", "cases.jsonl")).toThrow("cases.jsonl holds no conversation.");
  });
});

describe("readCases", () => {
  it("says that there is no such file", async () => {
    await expect(readCases("/nowhere/cases.jsonl")).rejects.toThrow(
      "/nowhere/cases.jsonl cannot be read: there is no such file.",
    );
  });
});

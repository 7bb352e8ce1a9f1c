import { describe, expect, it } from "vitest";

import { BLOCK_TAG, renderBlock } from "../../worker/src/recall/block.ts";
import { answerFrom } from "./demo-answer.ts";

/** A message with a block as the worker writes it. */
function withMemories(question: string, ...said: (readonly [role: string, content: string])[]) {
  const memories = said.map(([role, content]) => ({
    role,
    name: null,
    content,
    createdAt: "2026-03-02T10:00:00Z",
    sessionId: "s",
  }));
  return question + renderBlock(memories, new Date("2026-03-09T10:00:00Z"));
}

describe("the demo model", () => {
  it("answers with the remembered sentence that fits the question best", () => {
    const text = withMemories(
      "Where does my sister live?",
      ["user", "I bought a red bicycle. It is fast."],
      ["user", "My sister Ruth moved to Oslo. She lives near the harbour with my sister-in-law."],
    );
    expect(answerFrom(text, BLOCK_TAG)).toBe(
      "You told me: “She lives near the harbour with my sister-in-law.”",
    );
  });

  it("says so when it does not know", () => {
    const text = withMemories("What is my cat called?", ["user", "I bought a red bicycle."]);
    expect(answerFrom(text, BLOCK_TAG)).toMatch(/^I do not know that yet/);
    expect(answerFrom("What is my cat called?", BLOCK_TAG)).toMatch(/^I do not know that yet/);
  });

  it("takes the user's word before its own, and the later word before the earlier", () => {
    const text = withMemories(
      "What is my cat called?",
      ["assistant", "Noted: my cat is called Tom."],
      ["user", "My cat is called Tom."],
      ["user", "My cat is called Kater now."],
    );
    expect(answerFrom(text, BLOCK_TAG)).toBe("You told me: “My cat is called Kater now.”");
  });

  it("acknowledges what it is told", () => {
    expect(answerFrom("My cat is called Tom.", BLOCK_TAG)).toMatch(
      /^Noted: “My cat is called Tom.”/,
    );
  });

  it("answers no question with a question that was asked before", () => {
    const text = withMemories("What is my cat called?", ["user", "What is my cat called?"]);
    expect(answerFrom(text, BLOCK_TAG)).toMatch(/^I do not know that yet/);
  });
});

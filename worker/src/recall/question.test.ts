import { describe, expect, it } from "vitest";

import { questionOf } from "./question.ts";

describe("questionOf", () => {
  it("is the message itself", () => {
    expect(questionOf("What does Ada like?")).toBe("What does Ada like?");
  });

  it("keeps head and foot of a long one, where the request stands", () => {
    const question = questionOf(`Summarise this:${"lorem ".repeat(10_000)}And mind my deadline.`);

    expect(question).toMatch(/^Summarise this:/);
    expect(question).toMatch(/And mind my deadline\.$/);
    expect(question.length).toBeLessThan(8_100);
  });

  it("holds nothing that the database cannot take in", () => {
    expect(questionOf("Where is\u0000 my cat?")).toBe("Where is my cat?");
    expect(questionOf("\u0000\u200b")).toBe("");
  });

  it("leaves no half of a character where it cuts", () => {
    expect(questionOf("x😀".repeat(10_000)).isWellFormed()).toBe(true);
  });
});

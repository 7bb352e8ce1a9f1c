import { describe, expect, it, vi } from "vitest";

import { vector } from "../../test/fakes.ts";
import { createEmbedQuestion } from "./embed-question.ts";
import type { Embed } from "./embedder.ts";

describe("the vector of a question", () => {
  it("is asked for once, however often the question comes", async () => {
    const embed = vi.fn<Embed>(async () => [vector()]);
    const embedQuestion = createEmbedQuestion(embed);

    await embedQuestion("What does Ada like?");
    await embedQuestion("What does Ada like?");
    await embedQuestion("What does Bob like?");

    expect(embed.mock.calls.map(([texts]) => texts)).toEqual([
      ["What does Ada like?"],
      ["What does Bob like?"],
    ]);
  });

  it("is asked for again when the embedder had none", async () => {
    const embed = vi.fn<Embed>(async () => [vector()]);
    embed.mockRejectedValueOnce(new Error("503"));
    const embedQuestion = createEmbedQuestion(embed);

    await expect(embedQuestion("Hello?")).rejects.toThrow("503");
    expect(await embedQuestion("Hello?")).toHaveLength(512);
  });
});

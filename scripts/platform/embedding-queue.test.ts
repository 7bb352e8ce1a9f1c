import { describe, expect, it } from "vitest";

import { createEmbeddingQueue, DIMENSIONS } from "./embedding-queue.ts";

/** A model that notes what it was asked, slice by slice. */
function recordingModel() {
  const slices: string[][] = [];
  const embed = async (texts: readonly string[]) => {
    slices.push([...texts]);
    return texts.map((text) => [text.length, 0]);
  };
  return { slices, embed };
}

describe("the embedder's queue", () => {
  it("lets a single text overtake a batch", async () => {
    const { slices, embed } = recordingModel();
    const queue = createEmbeddingQueue(embed);

    const batch = queue(Array.from({ length: 40 }, (_, index) => `memory ${index}`));
    const question = queue(["who is Ruth?"]);
    await Promise.all([batch, question]);

    const turn = slices.findIndex(([first]) => first === "who is Ruth?");
    expect(turn).toBe(1);
    expect(slices.length).toBeGreaterThan(5);
  });

  it("answers in the order of the texts, the empty ones among them", async () => {
    const { embed } = recordingModel();
    const [first, second, third] = await createEmbeddingQueue(embed)(["a", "   ", "ccc"]);
    expect(first).toEqual([1, 0]);
    expect(second).toHaveLength(DIMENSIONS);
    expect(third).toEqual([1, 0]);
  });

  it("cuts what is too long and cuts work into small slices", async () => {
    const { slices, embed } = recordingModel();
    await createEmbeddingQueue(embed)(["a".repeat(20_000), "b".repeat(20_000)]);
    expect(slices.map((slice) => slice.map(({ length }) => length))).toEqual([[1000], [1000]]);
  });

  it("goes on after a text the model throws at", async () => {
    const queue = createEmbeddingQueue(async (texts) => {
      if (texts.includes("bad")) throw new Error("no such token");
      return texts.map(() => [1]);
    });
    await expect(queue(["bad"])).rejects.toThrow("no such token");
    await expect(queue(["good"])).resolves.toEqual([[1]]);
  });
});

import { describe, expect, it, vi } from "vitest";

import { createClock, settle } from "../../test/clock.ts";
import { vector } from "../../test/fakes.ts";
import type { NewVector, PendingVector } from "../database/vectors.ts";
import { type EmbedPendingPorts, createEmbedPending } from "./embed-pending.ts";

const text = (position: number): PendingVector => ({
  session_number: 1,
  position,
  kind: "turn",
  stamp: 1,
  text: `text ${position}`,
});

/** A vault in which that many texts wait. */
function waiting(count: number) {
  const pending = Array.from({ length: count }, (_, position) => text(position));
  return {
    pending,
    pendingVectors: async (_key: string, maxTexts: number) => pending.slice(0, maxTexts),
    storeVectors: async (_key: string, _model: number, rows: readonly NewVector[]) =>
      pending.splice(0, rows.length).length,
  };
}

function embedding(overrides: Partial<EmbedPendingPorts> = {}) {
  return createEmbedPending({
    pendingVectors: async () => [],
    storeVectors: async () => 0,
    keysAwaitingVectors: async () => [],
    embed: async (texts) => texts.map(() => vector()),
    model: 2,
    batchSize: 10,
    now: createClock().now,
    ...overrides,
  });
}

describe("embedding what waits", () => {
  it("works through a vault by the batch until nothing waits", async () => {
    const vault = waiting(25);

    await embedding(vault).inVault("key");

    expect(vault.pending).toEqual([]);
  });

  it("stores each vector under its text's place, stamp and model, without the text", async () => {
    const vault = waiting(1);
    const storeVectors = vi.fn<EmbedPendingPorts["storeVectors"]>(vault.storeVectors);

    await embedding({ ...vault, storeVectors }).inVault("key");

    expect(storeVectors).toHaveBeenCalledWith("key", 2, [
      {
        session_number: 1,
        position: 0,
        kind: "turn",
        stamp: 1,
        embedding: JSON.stringify(vector()),
      },
    ]);
  });

  it("asks no embedder when nothing waits, as in a vault that goes by words alone", async () => {
    const embed = vi.fn<EmbedPendingPorts["embed"]>();

    await embedding({ embed }).inVault("key");

    expect(embed).not.toHaveBeenCalled();
  });

  it("ends when its time is up and leaves the rest to the sweep", async () => {
    const clock = createClock();
    const vault = waiting(1_000);
    const embed: EmbedPendingPorts["embed"] = async (texts) => {
      await clock.advance(5_000);
      return texts.map(() => vector());
    };

    await embedding({ ...vault, embed, now: clock.now }).inVault("key");

    expect(vault.pending).toHaveLength(960);
  });

  it("works on a vault once at a time, and does not miss what came meanwhile", async () => {
    const vault = waiting(1);
    const embed = vi.fn<EmbedPendingPorts["embed"]>(async (texts) => texts.map(() => vector()));
    const embedPending = embedding({
      ...vault,
      embed: async (texts, signal) => {
        if (embed.mock.calls.length === 0) {
          vault.pending.push(text(7));
          await embedPending.inVault("key");
        }
        return embed(texts, signal);
      },
    });

    await embedPending.inVault("key");

    expect(vault.pending).toEqual([]);
    expect(embed.mock.calls.map(([texts]) => texts)).toEqual([["text 0"], ["text 7"]]);
  });

  it("takes over from one that died long ago", async () => {
    const clock = createClock();
    const vault = waiting(1);
    const embed = vi.fn<EmbedPendingPorts["embed"]>(async (texts) => texts.map(() => vector()));
    embed.mockReturnValueOnce(new Promise(() => {}));
    const embedPending = embedding({ ...vault, embed, now: clock.now });
    void embedPending.inVault("key");
    await settle();

    await embedPending.inVault("key");
    expect(vault.pending).toHaveLength(1);
    await clock.advance(20_000);
    await embedPending.inVault("key");
    expect(vault.pending).toEqual([]);
  });
});

describe("the sweep", () => {
  it("embeds every vault in which something waits", async () => {
    const vaults = { one: waiting(3), two: waiting(12) };
    const vaultOf = (key: string) => (key === "one" ? vaults.one : vaults.two);

    await embedding({
      keysAwaitingVectors: async () => ["one", "two"],
      pendingVectors: (key, max) => vaultOf(key).pendingVectors(key, max),
      storeVectors: (key, model, rows) => vaultOf(key).storeVectors(key, model, rows),
    }).everywhere();

    expect([vaults.one.pending, vaults.two.pending]).toEqual([[], []]);
  });

  it("goes on to the next vault when one fails, and says so in the end", async () => {
    const vault = waiting(1);

    const sweep = embedding({
      ...vault,
      keysAwaitingVectors: async () => ["bad", "good"],
      pendingVectors: (key, max) =>
        key === "bad" ? Promise.reject(new Error("bad")) : vault.pendingVectors(key, max),
    }).everywhere();

    await expect(sweep).rejects.toThrow("Not every vault");
    expect(vault.pending).toEqual([]);
  });
});

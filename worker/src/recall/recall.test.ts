import { describe, expect, it } from "vitest";

import { createClock, settle } from "../../test/clock.ts";
import { databaseIsDown, matching, vector } from "../../test/fakes.ts";
import type { Matches } from "./candidate.ts";
import { type Ladder, climb } from "./recall.ts";

const WORDS: Matches = { ...matching(), memoriesTotal: 1 };
const MEANING: Matches = { ...matching(), memoriesTotal: 2 };
const never = <T>() => new Promise<T>(() => {});

function ladder(overrides: Partial<Ladder> = {}) {
  const clock = createClock();
  const climbing = climb({
    byWords: async () => WORDS,
    embed: async () => vector(),
    byMeaning: async () => MEANING,
    embedDeadlineMs: 250,
    recallDeadlineMs: 400,
    setTimer: clock.setTimer,
    ...overrides,
  });
  return { clock, climbing };
}

describe("the ladder of recall", () => {
  it("ends at words and meaning on a quiet day", async () => {
    const { climbing } = ladder();

    expect(await climbing).toEqual({ rung: "hybrid", shortfall: null, matches: MEANING });
  });

  it("goes by words alone, and is content, for a vault that wants no embedder", async () => {
    const { climbing } = ladder({ embed: null });

    expect(await climbing).toEqual({ rung: "lexical", shortfall: null, matches: WORDS });
  });

  it("does not wait for the embedder longer than it is granted", async () => {
    const { climbing, clock } = ladder({ embed: never });

    await clock.advance(250);

    expect(await climbing).toEqual({
      rung: "lexical",
      shortfall: "embedding_slow",
      matches: WORDS,
    });
  });

  it("goes by words when the embedder is away", async () => {
    const { climbing } = ladder({ embed: () => Promise.reject(new Error("503")) });

    expect(await climbing).toEqual({
      rung: "lexical",
      shortfall: "embedding_failed",
      matches: WORDS,
    });
  });

  it("goes by words when the search by meaning fails", async () => {
    const { climbing } = ladder({ byMeaning: databaseIsDown });

    expect(await climbing).toEqual({
      rung: "lexical",
      shortfall: "database_unavailable",
      matches: WORDS,
    });
  });

  it("takes what words have found when meaning is late", async () => {
    const { climbing, clock } = ladder({ byMeaning: never });

    await clock.advance(400);

    expect(await climbing).toEqual({ rung: "lexical", shortfall: "recall_slow", matches: WORDS });
  });

  it("goes on with nothing when nothing came in time", async () => {
    const { climbing, clock } = ladder({ byWords: never, byMeaning: never });

    await clock.advance(400);

    expect(await climbing).toEqual({ rung: "none", shortfall: "recall_slow", matches: null });
  });

  it("says that the database is away, not that the embedder was slow", async () => {
    const { climbing, clock } = ladder({ byWords: databaseIsDown, embed: never });

    await clock.advance(250);

    expect(await climbing).toEqual({
      rung: "none",
      shortfall: "database_unavailable",
      matches: null,
    });
  });

  it("never waits past its deadline, whatever the parts do", async () => {
    const { climbing, clock } = ladder({ byWords: never, embed: never });
    let isOver = false;
    void climbing.then(() => {
      isOver = true;
    });

    await clock.advance(399);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await settle();
    expect(isOver).toBe(true);
  });
});

import { describe, expect, it, vi } from "vitest";

import { type Clock, NOON, createClock, settle } from "../../test/clock.ts";
import { databaseIsDown, fakeLeases, openedKey } from "../../test/fakes.ts";
import { isUnavailable } from "../database/client.ts";
import { type LeaseStore, type Outlive, createLeases } from "./lease.ts";
import { createSeal } from "./seal.ts";

const HASH = "a".repeat(64);
const VALID = { isValid: true, lastKnownGoodAgeMs: null };
const INVALID = { isValid: false };

type Setting = {
  readonly clock?: Clock;
  readonly store?: LeaseStore;
  readonly openMemoryKey?: (hash: string) => Promise<unknown>;
  readonly environment?: string;
  readonly maxCached?: number;
};

/** One isolate. Isolates that share a store share what is in KV. */
function isolate({ clock = createClock(), store = fakeLeases(), ...setting }: Setting = {}) {
  const openMemoryKey = vi.fn<(hash: string) => Promise<unknown>>(
    setting.openMemoryKey ?? (async () => openedKey({ read_at: iso(clock.now()) })),
  );
  const open = createLeases({
    environment: setting.environment ?? "production",
    store,
    seal: createSeal({ current: "k1", keys: { k1: btoa("0123456789abcdef".repeat(2)) } }),
    isUnavailable,
    now: clock.now,
    random: () => 0,
    setTimer: clock.setTimer,
    openMemoryKey,
    ...(setting.maxCached !== undefined && { maxCached: setting.maxCached }),
  });
  const work: Promise<unknown>[] = [];
  const outlive: Outlive = (_name, each) => void work.push(each);
  return {
    clock,
    store,
    openMemoryKey,
    open: (hash = HASH) => open(hash, outlive),
    /** Waits for what goes on behind the answers. */
    finished: () => Promise.all(work),
  };
}

/** An isolate that has put its lease into KV. */
async function warmIsolate(setting: Setting = {}) {
  const warm = isolate(setting);
  await warm.open();
  await warm.finished();
  return warm;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** A database whose one key can be revoked. */
function revocable(clock: Clock) {
  let isRevoked = false;
  return {
    revoke: () => {
      isRevoked = true;
    },
    openMemoryKey: async () => (isRevoked ? null : openedKey({ read_at: iso(clock.now()) })),
  };
}

const throwing = () => Promise.reject(new Error("KV is away"));

describe("a lease", () => {
  it("is read from the database once and served from the isolate for five seconds", async () => {
    const { open, openMemoryKey, clock } = isolate();

    expect(await open()).toMatchObject(VALID);
    await clock.advance(5_000);
    expect(await open()).toMatchObject(VALID);

    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });

  it("is served from KV to another isolate", async () => {
    const store = fakeLeases();
    await warmIsolate({ store });
    const other = isolate({ store });

    expect(await other.open()).toMatchObject(VALID);

    expect(other.openMemoryKey).not.toHaveBeenCalled();
  });

  it("lies in KV sealed, under the key's hash", async () => {
    const store = fakeLeases();
    await warmIsolate({ store });

    const [[name, value] = []] = store.entries;
    expect(name).toBe(`lease:${HASH}`);
    expect(value).toMatch(/^v1\.k1\./);
    expect(value).not.toContain("openai");
  });

  it("of another environment is not there", async () => {
    const store = fakeLeases();
    await warmIsolate({ store, environment: "local" });
    const { open, openMemoryKey } = isolate({ store });

    await open();

    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });

  it("lets a revoked key live for a minute at most", async () => {
    const clock = createClock();
    const { revoke, openMemoryKey } = revocable(clock);
    const { open, finished } = await warmIsolate({ clock, openMemoryKey });
    revoke();

    // Nobody asks in between, so nothing is renewed on the side either.
    await clock.advance(59_999);
    expect(await open()).toMatchObject(VALID);
    await finished();
    await clock.advance(1);
    expect(await open()).toEqual(INVALID);
  });

  it("notices a revocation after twenty seconds when the key is in use", async () => {
    const clock = createClock();
    const { revoke, openMemoryKey } = revocable(clock);
    const { open, finished } = await warmIsolate({ clock, openMemoryKey });
    revoke();

    await clock.advance(20_001);
    expect(await open()).toMatchObject(VALID);
    await finished();
    expect(await open()).toEqual(INVALID);
  });

  it("counts from the question, so a late answer with the old row gives no more time", async () => {
    const clock = createClock();
    const late = Promise.withResolvers<unknown>();
    const answers = [late.promise, Promise.resolve(null)];
    const { open } = isolate({
      clock,
      openMemoryKey: () => answers.shift() ?? Promise.resolve(null),
    });

    const opening = open();
    await settle();
    const old = openedKey({ read_at: iso(clock.now()) });
    // The key is revoked here, while the answer with the old row is still on its way.
    await clock.advance(1_900);
    late.resolve(old);
    expect(await opening).toMatchObject(VALID);

    await clock.advance(58_100);
    expect(await open()).toEqual(INVALID);
  });

  it("is renewed on the side, and nobody waits for it", async () => {
    const clock = createClock();
    const { open, openMemoryKey } = await warmIsolate({ clock });
    await clock.advance(25_000);
    openMemoryKey.mockReturnValueOnce(new Promise(() => {}));

    expect(await open()).toMatchObject(VALID);

    expect(openMemoryKey).toHaveBeenCalledTimes(2);
  });

  it("from a clock far ahead of ours is not believed", async () => {
    const store = fakeLeases();
    await warmIsolate({ store, clock: createClock(NOON + 30_000) });
    const { open, openMemoryKey } = isolate({ store, clock: createClock(NOON) });

    await open();

    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });
});

describe("a key that opens nothing", () => {
  it("is asked for once in five seconds, and leaves nothing in KV", async () => {
    const store = fakeLeases();
    const { open, openMemoryKey, clock } = isolate({ store, openMemoryKey: async () => null });

    expect(await open()).toEqual(INVALID);
    await clock.advance(5_000);
    expect(await open()).toEqual(INVALID);
    expect(openMemoryKey).toHaveBeenCalledTimes(1);

    await clock.advance(1);
    await open();
    expect(openMemoryKey).toHaveBeenCalledTimes(2);
    expect(store.entries.size).toBe(0);
  });

  it("opens elsewhere as soon as it is made: a miss in KV is not final", async () => {
    const store = fakeLeases();
    await isolate({ store, openMemoryKey: async () => null }).open();

    expect(await isolate({ store }).open()).toMatchObject(VALID);
  });

  it("is taken out of KV when it was there", async () => {
    const clock = createClock();
    const store = fakeLeases();
    const { revoke, openMemoryKey } = revocable(clock);
    const { open, finished } = await warmIsolate({ clock, store, openMemoryKey });
    expect(store.entries.size).toBe(1);
    revoke();

    await clock.advance(61_000);
    await open();
    await finished();

    expect(store.entries.size).toBe(0);
  });
});

describe("an expiry", () => {
  it("takes effect to the second by the database's clock, not by ours", async () => {
    const clock = createClock();
    const databaseMs = NOON + 3_600_000;
    const { open } = isolate({
      clock,
      openMemoryKey: async () =>
        openedKey({ read_at: iso(databaseMs), expires_at: iso(databaseMs + 10_000) }),
    });

    await open();
    await clock.advance(9_000);
    expect(await open()).toMatchObject(VALID);
    await clock.advance(1_000);
    expect(await open()).toEqual(INVALID);
  });
});

describe("while the database is away", () => {
  const away = { openMemoryKey: databaseIsDown };

  it("a key that nobody has seen is not refused but asked to come back", async () => {
    await expect(isolate(away).open()).rejects.toMatchObject({
      code: "auth_unavailable",
      retryAfterSeconds: 5,
    });
  });

  it("a lease of less than a minute serves as on any other day", async () => {
    const store = fakeLeases();
    const clock = createClock();
    await warmIsolate({ store, clock });
    await clock.advance(59_000);

    expect(await isolate({ ...away, store, clock }).open()).toMatchObject(VALID);
  });

  it("an hour-old entry that KV still hands out serves nobody", async () => {
    const store = fakeLeases();
    const clock = createClock();
    await warmIsolate({ store, clock });
    await clock.advance(3_600_000);

    await expect(isolate({ ...away, store, clock }).open()).rejects.toMatchObject({
      code: "auth_unavailable",
    });
  });

  it("the last lease known to be good serves for a quarter of an hour, and says so", async () => {
    const store = fakeLeases();
    const clock = createClock();
    await warmIsolate({ store, clock });
    const cold = isolate({ ...away, store, clock });

    await clock.advance(15 * 60_000);
    expect(await cold.open()).toMatchObject({ isValid: true, lastKnownGoodAgeMs: 900_000 });
    await clock.advance(1);
    await expect(cold.open()).rejects.toMatchObject({ code: "auth_unavailable" });
  });

  it("a warm isolate needs no KV for that", async () => {
    const clock = createClock();
    let isAway = false;
    const { open } = isolate({
      clock,
      store: { get: throwing, put: throwing, delete: throwing },
      openMemoryKey: () => (isAway ? databaseIsDown() : Promise.resolve(openedKey())),
    });
    await open();
    isAway = true;
    await clock.advance(61_000);

    expect(await open()).toMatchObject({ isValid: true, lastKnownGoodAgeMs: 61_000 });
  });

  it("an expired key stays expired", async () => {
    const store = fakeLeases();
    const clock = createClock();
    const openMemoryKey = async () => openedKey({ expires_at: iso(NOON + 120_000) });
    await warmIsolate({ store, clock, openMemoryKey });
    await clock.advance(121_000);

    expect(await isolate({ ...away, store, clock }).open()).toEqual(INVALID);
  });

  it("a refusal of the database is not taken for its absence", async () => {
    const store = fakeLeases();
    const clock = createClock();
    await warmIsolate({ store, clock });
    await clock.advance(61_000);
    const broken = isolate({ store, clock, openMemoryKey: () => Promise.reject(new Error("bug")) });

    await expect(broken.open()).rejects.toThrow("bug");
  });
});

describe("while KV misbehaves", () => {
  it.each([
    ["throws on get", { get: throwing }],
    ["throws on put", { put: throwing }],
    ["hands out rubbish", { get: async () => "rubbish" }],
    ["hands out somebody else's entry", { get: async () => "v1.k1.AAAA.AAAA" }],
  ])("the database answers when it %s", async (_name, broken) => {
    const store = { ...fakeLeases(), ...broken };

    expect(await isolate({ store }).open()).toMatchObject(VALID);
  });
});

describe("a herd", () => {
  it("of five hundred requests for one key asks the database once", async () => {
    const { open, openMemoryKey } = isolate();

    const verdicts = await Promise.all(Array.from({ length: 500 }, () => open()));

    expect(verdicts.every(({ isValid }) => isValid)).toBe(true);
    expect(openMemoryKey).toHaveBeenCalledTimes(1);
  });

  it("does not hang on a request that died while it asked", async () => {
    const clock = createClock();
    const died = new Promise<never>(() => {});
    const answers: Promise<unknown>[] = [died];
    const { open } = isolate({
      clock,
      openMemoryKey: () => answers.shift() ?? Promise.resolve(openedKey()),
    });
    void open();
    await settle();

    const waiting = open();
    await clock.advance(2_000);

    expect(await waiting).toMatchObject(VALID);
  });

  it("of many keys does not grow the isolate's memory past its bound", async () => {
    const { open, openMemoryKey } = isolate({
      maxCached: 2,
      store: { get: async () => null, put: async () => {}, delete: async () => {} },
    });

    for (const hash of ["1", "2", "3", "1"]) await open(hash.repeat(64));

    expect(openMemoryKey).toHaveBeenCalledTimes(4);
  });
});

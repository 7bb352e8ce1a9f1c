/**
 * What we know of a memory key, and for how long we may act on it.
 *
 * Asking the database for every request would be slow, and a cache that is asked instead would
 * let a revoked key live on. So each entry is a lease: it carries the moment the database was
 * asked, and is worth nothing a minute later, whichever cache it comes from. Within that minute
 * the isolate answers for seconds, KV for the rest, and a lease past its youth is renewed on the
 * side.
 *
 * A lease counts from when we asked, not from when we were told: a revocation that overtakes the
 * answer still takes effect in time. Expiry is the database's own time, carried forward.
 */

import { z } from "zod";

import { createBoundedCache } from "../bounded-cache.ts";
import { type SetTimer, LATE, within } from "../deadline.ts";
import { ApiError } from "../errors.ts";
import { type MemoryKey, parseMemoryKey } from "./memory-key.ts";
import type { Seal } from "./seal.ts";

/** The part of Workers KV that leases need. */
export type LeaseStore = {
  readonly get: (name: string) => Promise<string | null>;
  readonly put: (name: string, value: string, options: { expirationTtl: number }) => Promise<void>;
  readonly delete: (name: string) => Promise<void>;
};

/** Lets work go on behind the answer; a failure is recorded under its name. */
export type Outlive = (name: string, work: Promise<unknown>) => void;

/** Whether a key may act. */
type KeyVerdict =
  | {
      readonly isValid: true;
      readonly key: MemoryKey;
      /** Set when the database is away and the key is the last one known to be good. */
      readonly lastKnownGoodAgeMs: number | null;
    }
  | { readonly isValid: false };

/** Opens a key, by default with a lease; `mostMs` is the age from which on one is too old. */
export type OpenKey = (keyHash: string, outlive: Outlive, mostMs?: number) => Promise<KeyVerdict>;

export type LeaseOptions = {
  readonly environment: string;
  readonly store: LeaseStore;
  readonly seal: Seal;
  /** The database's raw answer, or null for a key that opens nothing. */
  readonly openMemoryKey: (keyHash: string) => Promise<unknown>;
  /** Whether a failure means that the database cannot be asked, rather than that it said no. */
  readonly isUnavailable: (failure: unknown) => boolean;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimer: SetTimer;
  readonly maxCached?: number;
};

const LEASE_MS = 60_000;
const MAX_SKEW_MS = 5_000;
const ISOLATE_MS = 5_000;
const LAST_KNOWN_GOOD_MS = 15 * 60_000;
const REFRESH_AFTER_MS = 20_000;
/** Leases made at the same moment are not renewed at the same moment. */
const REFRESH_JITTER_MS = 10_000;
/** How long to wait for a reading that another request began, and that may die with it. */
const SHARED_READ_MS = 2_000;

type Lease = { readonly askedAtMs: number; readonly answer: unknown; readonly key: MemoryKey };
type Cached = { readonly keptAtMs: number; readonly lease: Lease | null };

const INVALID: KeyVerdict = { isValid: false };

export function createLeases(options: LeaseOptions): OpenKey {
  const { now, random } = options;
  const cache = createBoundedCache<Cached>(options.maxCached ?? 1_000);
  const shelf = createShelf(options);
  const read = createReader(options, {
    keep: (keyHash, lease) => cache.set(keyHash, { keptAtMs: now(), lease }),
    shelf,
  });

  const ageOf = (lease: Lease) => now() - lease.askedAtMs;
  // One from the future was made under a clock we cannot trust.
  const isYounger = (lease: Lease, ms: number) => ageOf(lease) < ms && ageOf(lease) > -MAX_SKEW_MS;

  const verdict = (lease: Lease, lastKnownGoodAgeMs: number | null = null): KeyVerdict => {
    const { expiresAtMs, readAtMs } = lease.key;
    const isExpired = expiresAtMs !== null && readAtMs + ageOf(lease) >= expiresAtMs;
    return isExpired ? INVALID : { isValid: true, key: lease.key, lastKnownGoodAgeMs };
  };

  const use = (keyHash: string, lease: Lease, outlive: Outlive): KeyVerdict => {
    if (ageOf(lease) > REFRESH_AFTER_MS + random() * REFRESH_JITTER_MS) {
      outlive("refresh_lease", read(keyHash, outlive, true).catch(ignoreUnavailable(options)));
    }
    return verdict(lease);
  };

  return async (keyHash, outlive, mostMs = LEASE_MS) => {
    const cached = cache.get(keyHash);
    if (cached && now() - cached.keptAtMs <= ISOLATE_MS) {
      if (!cached.lease) return INVALID;
      if (isYounger(cached.lease, mostMs)) return use(keyHash, cached.lease, outlive);
    }

    const stored = await shelf.take(keyHash);
    if (stored && isYounger(stored, mostMs)) {
      cache.set(keyHash, { keptAtMs: now(), lease: stored });
      return use(keyHash, stored, outlive);
    }

    try {
      const lease = await read(keyHash, outlive, stored !== null);
      return lease ? verdict(lease) : INVALID;
    } catch (failure) {
      if (!options.isUnavailable(failure)) throw failure;
      const known = newest(cached?.lease ?? null, stored);
      if (known && ageOf(known) <= LAST_KNOWN_GOOD_MS) return verdict(known, ageOf(known));
      throw new ApiError("auth_unavailable", undefined, { cause: failure, retryAfterSeconds: 5 });
    }
  };
}

function newest(one: Lease | null, other: Lease | null): Lease | null {
  if (!one || !other) return one ?? other;
  return one.askedAtMs > other.askedAtMs ? one : other;
}

const ignoreUnavailable = (options: LeaseOptions) => (failure: unknown) => {
  if (!options.isUnavailable(failure)) throw failure;
};

const shelvedSchema = z.object({ askedAtMs: z.number(), answer: z.unknown() });

const ignored = () => {};

type Shelf = ReturnType<typeof createShelf>;

/** Leases in KV, which may throw, lie or forget: then there is none. */
function createShelf({ environment, store, seal }: LeaseOptions) {
  const name = (keyHash: string) => `lease:${keyHash}`;
  const place = (keyHash: string) => `${environment}:${keyHash}`;

  return {
    take: async (keyHash: string): Promise<Lease | null> => {
      try {
        const sealed = await store.get(name(keyHash));
        const opened = sealed === null ? null : await seal.open(sealed, place(keyHash));
        if (opened === null) return null;
        const { askedAtMs, answer } = shelvedSchema.parse(JSON.parse(opened));
        return { askedAtMs, answer, key: parseMemoryKey(answer) };
      } catch {
        return null;
      }
    },
    put: async (keyHash: string, { askedAtMs, answer }: Lease): Promise<void> => {
      const sealed = await seal.close(JSON.stringify({ askedAtMs, answer }), place(keyHash));
      await store.put(name(keyHash), sealed, { expirationTtl: LAST_KNOWN_GOOD_MS / 1000 });
    },
    remove: (keyHash: string): Promise<void> => store.delete(name(keyHash)),
  };
}

/** Reads the database, once at a time for each key however many requests are waiting. */
function createReader(
  { openMemoryKey, now, setTimer }: LeaseOptions,
  { keep, shelf }: { keep: (keyHash: string, lease: Lease | null) => void; shelf: Shelf },
) {
  const reading = new Map<string, Promise<Lease | null>>();

  const shelve = async (keyHash: string, lease: Lease | null, isShelved: boolean) => {
    if (lease) await shelf.put(keyHash, lease);
    else if (isShelved) await shelf.remove(keyHash);
  };

  const ask = async (keyHash: string, outlive: Outlive, isShelved: boolean) => {
    const askedAtMs = now();
    const answer = await openMemoryKey(keyHash);
    const lease = answer === null ? null : { askedAtMs, answer, key: parseMemoryKey(answer) };
    keep(keyHash, lease);
    // KV is a convenience. When it does not take the lease, the next isolate asks the database.
    outlive("shelve_lease", shelve(keyHash, lease, isShelved).catch(ignored));
    return lease;
  };

  return async (keyHash: string, outlive: Outlive, isShelved: boolean) => {
    const shared = reading.get(keyHash);
    if (shared) {
      const lease = await within(shared, SHARED_READ_MS, setTimer);
      if (lease !== LATE) return lease;
    }
    const own = ask(keyHash, outlive, isShelved).finally(() => {
      if (reading.get(keyHash) === own) reading.delete(keyHash);
    });
    reading.set(keyHash, own);
    outlive("read_lease", own.catch(ignored));
    return own;
  };
}

import { describe, expect, it, vi } from "vitest";

import type { Database } from "../src/database/database.ts";
import type { LeaseStore } from "../src/keys/lease.ts";
import { createClock } from "./clock.ts";
import {
  KEY,
  OTHER_KEY,
  chat,
  databaseIsDown,
  fakeLeases,
  fakeServices,
  openedKey,
  recordingProvider,
  send,
} from "./fakes.ts";

const UNKNOWN = {
  error: { code: "invalid_memory_key", type: "authentication_error", param: null },
};

describe("a request without a good memory key", () => {
  it.each<[string, Record<string, string>]>([
    ["no credential", {}],
    ["an empty Bearer", { authorization: "Bearer " }],
    ["two spaces", { authorization: `Bearer  ${KEY}` }],
    ["Basic", { authorization: `Basic ${KEY}` }],
    ["a provider's key", { authorization: "Bearer sk-proj-abc" }],
    ["a token of the dashboard", { authorization: "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln" }],
    ["a wrong checksum", { authorization: `Bearer ${KEY.slice(0, -1)}x` }],
    ["an X-Memory-Key that is none", { "x-memory-key": "sk-proj-abc" }],
    ["sixty kilobytes of it", { authorization: `Bearer ${KEY}${"x".repeat(60_000)}` }],
  ])("is turned away for %s before anybody hears of it", async (_name, headers) => {
    const { requests, fetch } = recordingProvider();
    const openMemoryKey = vi.fn<Database["openMemoryKey"]>();
    const leases = {
      ...fakeLeases(),
      get: vi.fn<LeaseStore["get"]>(async () => null),
      put: vi.fn<LeaseStore["put"]>(async () => {}),
    };
    const services = fakeServices({ fetch, leases, database: { openMemoryKey } });

    const {
      status,
      json,
      headers: answered,
    } = await send(services, "/v1/chat/completions", {
      method: "POST",
      headers,
      body: "{}",
    });

    expect(status).toBe(401);
    expect(json()).toMatchObject(UNKNOWN);
    expect(answered.get("www-authenticate")).toMatch(/^Bearer/);
    expect(answered.get("x-should-retry")).toBe("false");
    expect(answered.get("x-request-id")).toBe(answered.get("x-mr-request-id"));
    for (const call of [openMemoryKey, leases.get, leases.put]) expect(call).not.toHaveBeenCalled();
    expect(requests).toEqual([]);
  });

  it("is turned away when the key stands in the address", async () => {
    const { status } = await send(fakeServices(), `/v1/models?key=${KEY}&api_key=${KEY}`);

    expect(status).toBe(401);
  });

  it("learns nothing of why: unknown, revoked and expired look the same", async () => {
    const ask = async (openMemoryKey: Database["openMemoryKey"]) => {
      const { status, text, headers } = await chat(fakeServices({ database: { openMemoryKey } }));
      const id = headers.get("x-mr-request-id") ?? "";
      return { status, text: text.replace(id, ""), names: [...headers.keys()] };
    };

    const unknown = await ask(async () => null);
    const expired = await ask(async () => openedKey({ expires_at: "2020-01-01T00:00:00Z" }));

    expect(unknown.status).toBe(401);
    expect(expired).toEqual(unknown);
  });

  it("is a 400 for two different memory keys, whatever stands where", async () => {
    const { requests, fetch } = recordingProvider();

    const { status, json } = await chat(fakeServices({ fetch }), {}, { "x-memory-key": OTHER_KEY });

    expect(status).toBe(400);
    expect(json()).toMatchObject({ error: { code: "invalid_request" } });
    expect(requests).toEqual([]);
  });

  it("reaches no provider with a memory key in every place at once", async () => {
    const { requests, fetch } = recordingProvider();

    const { status } = await chat(
      fakeServices({ fetch }),
      {},
      { "x-memory-key": KEY, "x-api-key": KEY, "x-provider-key": KEY },
    );

    expect(status).toBe(400);
    expect(requests).toEqual([]);
  });
});

describe("a request with a good memory key", () => {
  it.each<[string, Record<string, string>]>([
    ["Authorization", {}],
    ["Authorization and x-api-key", { "x-api-key": KEY }],
    ["X-Memory-Key as well", { "x-memory-key": KEY }],
  ])("is served with it in %s, and no host ever sees it", async (_name, headers) => {
    const { requests, fetch } = recordingProvider();

    const { status } = await chat(fakeServices({ fetch }), {}, headers);

    expect(status).toBe(200);
    for (const { url, headers: sent, body } of requests) {
      expect(JSON.stringify([url, [...sent], body])).not.toContain(KEY);
    }
  });

  it("is asked to come back when the database is away and nobody knows the key", async () => {
    const { requests, fetch } = recordingProvider();

    const { status, headers, json } = await chat(
      fakeServices({ fetch, database: { openMemoryKey: databaseIsDown } }),
    );

    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
    expect(headers.get("x-should-retry")).toBeNull();
    expect(json()).toMatchObject({ error: { code: "auth_unavailable" } });
    expect(requests).toEqual([]);
  });

  it("says so when it goes by the last lease known to be good", async () => {
    const clock = createClock();
    const openMemoryKey = vi.fn<Database["openMemoryKey"]>(async () => openedKey());
    const services = fakeServices({ clock, database: { openMemoryKey } });
    await chat(services);
    openMemoryKey.mockImplementation(databaseIsDown);
    await clock.advance(120_000);

    const { status, headers } = await chat(services);

    expect(status).toBe(200);
    expect(headers.get("x-mr-key-lease")).toBe("last-known-good; age=120");
  });
});

describe("what we cannot explain", () => {
  it("stays with us: no message, no stack, no host, no query", async () => {
    const cause = new Error('relation "private.secrets" at postgres://10.0.0.1 does not exist');

    const { status, text } = await chat(
      fakeServices({ database: { openMemoryKey: () => Promise.reject(cause) } }),
    );

    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: { code: "internal_error" } });
    for (const trace of ["private.secrets", "10.0.0.1", ".ts:"]) expect(text).not.toContain(trace);
  });
});

describe("a provider key that was added after the lease was made", () => {
  it("serves the very next request, and costs the database one question a second", async () => {
    const clock = createClock();
    const { requests, fetch } = recordingProvider();
    let provider_keys: object[] = [];
    const openMemoryKey = vi.fn<Database["openMemoryKey"]>(async () =>
      openedKey({ provider_keys }),
    );
    const services = fakeServices({ fetch, clock, database: { openMemoryKey } });

    expect((await chat(services)).json()).toMatchObject({
      error: { code: "provider_key_missing" },
    });
    await chat(services);
    expect(openMemoryKey).toHaveBeenCalledTimes(1);

    provider_keys = [{ id: "1", provider: "openai", secret: "sk-proj-added-a-moment-ago" }];
    await clock.advance(1_500);
    expect((await chat(services)).status).toBe(200);
    expect(openMemoryKey).toHaveBeenCalledTimes(2);
    expect(requests[0]?.headers.get("authorization")).toBe("Bearer sk-proj-added-a-moment-ago");
  });
});

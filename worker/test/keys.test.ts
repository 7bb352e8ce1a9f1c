import { describe, expect, it, vi } from "vitest";

import { DatabaseFailure } from "../src/database/client.ts";
import type { Database } from "../src/database/database.ts";
import type { Services } from "../src/services.ts";
import { KEY, KEY_ID, OTHER_KEY, fakeServices, openedKey, send } from "./fakes.ts";

const mint = (services: Services, body: unknown = {}) =>
  send(services, "/v1/keys", {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const refusing = (status: number, code: string) => ({
  mintMemoryKey: () => Promise.reject(new DatabaseFailure("mint_memory_key", status, code)),
});

describe("POST /v1/keys", () => {
  it("makes a key and shows it once", async () => {
    const { status, json } = await mint(fakeServices(), { name: "Ada" });

    expect(status).toBe(201);
    expect(json()).toEqual({
      id: expect.any(String),
      key: OTHER_KEY,
      name: "Minted key",
      created_at: expect.any(String),
    });
  });

  it("hands on every setting, in the name of the key that asks", async () => {
    const mintMemoryKey = vi.fn<Database["mintMemoryKey"]>(async () => ({
      id: KEY_ID,
      key: OTHER_KEY,
      name: "Ada",
      created_at: "",
    }));
    const wanted = {
      name: "Ada",
      external_id: "user-7",
      mode: "read",
      expires_at: "2027-01-01T00:00:00Z",
      token_cap: 1000,
    };

    await mint(fakeServices({ database: { mintMemoryKey } }), wanted);

    expect(mintMemoryKey).toHaveBeenCalledWith(KEY_ID, wanted);
  });

  it("is not for keys that were minted themselves", async () => {
    const mintMemoryKey = vi.fn<Database["mintMemoryKey"]>();
    const openMemoryKey = async () => openedKey({ may_mint: false });

    const { status, json } = await mint(
      fakeServices({ database: { openMemoryKey, mintMemoryKey } }),
    );

    expect(status).toBe(403);
    expect(json()).toMatchObject({ error: { code: "not_permitted" } });
    expect(mintMemoryKey).not.toHaveBeenCalled();
  });

  it.each([
    ["an external id that is taken", 409, "PT409", 409, "external_id_taken"],
    ["a right that was withdrawn meanwhile", 403, "PT403", 403, "not_permitted"],
    ["what it cannot explain", 400, "22P02", 500, "internal_error"],
  ])("answers for %s", async (_name, databaseStatus, databaseCode, status, code) => {
    const answered = await mint(fakeServices({ database: refusing(databaseStatus, databaseCode) }));

    expect(answered.status).toBe(status);
    expect(answered.json()).toMatchObject({ error: { code } });
  });

  it.each([
    ["an empty name", { name: " " }, "name"],
    ["a name of 81 letters", { name: "x".repeat(81) }, "name"],
    ["a mode that is none", { mode: "all" }, "mode"],
    ["a cap below nothing", { token_cap: -1 }, "token_cap"],
    ["a cap that is no number", { token_cap: "many" }, "token_cap"],
    ["an end that is no date", { expires_at: "soon" }, "expires_at"],
    ["an end that lies behind us", { expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
    ["somebody else's account", { user_id: "u" }, "user_id"],
    ["a hash of one's own", { key_hash: "00" }, "key_hash"],
    ["broken JSON", "{", null],
  ])("refuses %s by name", async (_name, body, param) => {
    const { status, json } = await mint(fakeServices(), body);

    expect(status).toBe(400);
    expect(json()).toMatchObject({ error: { code: "invalid_request", param } });
  });
});

import { describe, expect, it } from "vitest";

import { databaseIsDown, fakeServices, send } from "./fakes.ts";

describe("GET /health", () => {
  it("says that database and cache answer", async () => {
    const { status, json } = await send(fakeServices(), "/health");

    expect(status).toBe(200);
    expect(json()).toMatchObject({ status: "ok", database: "ok", cache: "ok" });
  });

  it("is degraded and still answers while the database is away", async () => {
    const services = fakeServices({ database: { databaseTime: databaseIsDown } });

    const { status, json } = await send(services, "/health");

    expect(status).toBe(200);
    expect(json()).toMatchObject({ status: "degraded", database: "unavailable", cache: "ok" });
  });
});

describe("GET /", () => {
  it("says what this is to anybody", async () => {
    const { status, json } = await send(fakeServices(), "/");

    expect(status).toBe(200);
    expect(json()).toMatchObject({
      name: "MemoryRouter",
      version: expect.stringMatching(/^\d+\./),
    });
  });
});

describe("any other path", () => {
  it("is a 404 in JSON", async () => {
    const { status, json } = await send(fakeServices(), "/v1/nothing");

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "not_found" } });
  });

  it("is a 405 that names the methods when only the method is wrong", async () => {
    const { status, headers, json } = await send(fakeServices(), "/v1/chat/completions");

    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("POST");
    expect(json()).toMatchObject({ error: { code: "method_not_allowed" } });
  });
});

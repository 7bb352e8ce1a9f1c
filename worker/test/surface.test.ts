import { describe, expect, it } from "vitest";

import { createApp } from "../src/app.ts";
import { fakeServices, send } from "./fakes.ts";

/** Every route there is, and what it answers to a stranger: a new one needs a line here. */
const FOR_STRANGERS = {
  "DELETE /v1/responses/:id": 401,
  "GET /": 200,
  "GET /health": 200,
  "GET /v1/memory/stats": 401,
  "GET /v1/models": 401,
  "GET /v1/models/:id{.+}": 401,
  "GET /v1/responses/:id": 401,
  "GET /v1/responses/:id/input_items": 401,
  "POST /local/drain": 404,
  "POST /v1/chat/completions": 401,
  "POST /v1/keys": 401,
  "POST /v1/memory/search": 401,
  "POST /v1/memory/upload": 401,
  "POST /v1/messages": 401,
  "POST /v1/messages/count_tokens": 401,
  "POST /v1/responses": 401,
  "POST /v1/responses/:id/cancel": 401,
};

describe("the routes", () => {
  it("are the ones that somebody thought about", () => {
    const routes = createApp(() => fakeServices())
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);

    expect([...new Set(routes)].toSorted()).toEqual(Object.keys(FOR_STRANGERS));
  });

  it.each(Object.entries(FOR_STRANGERS))("%s answers %i to a stranger", async (route, expected) => {
    const [method = "", path = ""] = route.split(" ");

    const { status } = await send(fakeServices(), path.replace(/:id(\{\.\+\})?/, "x"), { method });

    expect(status).toBe(expected);
  });
});

describe("an address that is not there", () => {
  it.each(["/v1", "/v1/nothing", "/V1/models", "/v1/chat", "/.env", "/local", "/v1/keys/x"])(
    "%s is a 404 in JSON",
    async (path) => {
      const { status, json, headers } = await send(fakeServices(), path, { method: "POST" });

      expect(status).toBe(404);
      expect(json()).toMatchObject({
        error: { code: "not_found", request_id: headers.get("x-mr-request-id") },
      });
    },
  );
});

describe("an address that answers to another method", () => {
  it.each([
    ["GET", "/v1/chat/completions", "POST"],
    ["DELETE", "/v1/models", "GET, HEAD"],
    ["POST", "/health", "GET, HEAD"],
    ["PUT", "/v1/keys", "POST"],
    ["GET", "/v1/memory/search", "POST"],
  ])("%s %s is a 405 that allows %s", async (method, path, allow) => {
    const { status, headers, json } = await send(fakeServices(), path, { method });

    expect(status).toBe(405);
    expect(headers.get("allow")).toBe(allow);
    expect(json()).toMatchObject({ error: { code: "method_not_allowed" } });
  });
});

describe("a page of another origin", () => {
  const from = (origin: string, method = "GET") =>
    send(fakeServices(), "/v1/models", {
      method,
      headers: {
        origin,
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization",
      },
    });

  it("may read our answers when it is the dashboard's, refusals too", async () => {
    const { status, headers } = await from("https://app.memoryrouter.ai");

    expect(status).toBe(401);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.memoryrouter.ai");
    expect(headers.get("access-control-expose-headers")).toContain("X-Memory-Status");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toMatch(/origin/i);
  });

  it("may ask before it asks", async () => {
    const { status, headers } = await from("http://localhost:5173", "OPTIONS");

    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(headers.get("access-control-allow-headers")).toContain("authorization");
    expect(headers.get("access-control-allow-methods")).toContain("POST");
  });

  it.each([
    "https://evil.example",
    "null",
    "https://app.memoryrouter.ai.evil.example",
    "https://evil-app.memoryrouter.ai",
    "http://app.memoryrouter.ai",
    "https://app.memoryrouter.ai:8443",
  ])("gets nothing when it is %s", async (origin) => {
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await from(origin, method);
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("vary")).toMatch(/origin/i);
    }
  });
});

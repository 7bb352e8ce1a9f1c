import { describe, expect, it } from "vitest";

import type { Outside } from "../src/create-services.ts";
import type { Services } from "../src/services.ts";
import { createClock } from "./clock.ts";
import { KEY, fakeServices, openedKey, send } from "./fakes.ts";

const provider_keys = [
  { id: "1", provider: "openai", secret: "sk-stored" },
  { id: "2", provider: "anthropic", secret: "sk-ant-stored" },
  { id: "3", provider: "openrouter", secret: "sk-or-v1-stored" },
];
const database = { openMemoryKey: async () => openedKey({ provider_keys }) };

const LISTS: Record<string, object> = {
  "api.openai.com": { data: [{ id: "gpt-4o", object: "model", created: 5, owned_by: "system" }] },
  "api.anthropic.com": {
    data: [
      {
        id: "claude-opus-4-1",
        type: "model",
        display_name: "Opus",
        created_at: "2025-08-05T00:00:00Z",
      },
    ],
  },
  "openrouter.ai": { data: [{ id: "openai/gpt-4o" }, { id: "google/gemini-2.5-pro", created: 7 }] },
  "demo.test": { data: [{ id: "memory", created: 1 }] },
};

/** Providers that list their models, but for those that are down, and what they were asked. */
function providers(down: string[] = []) {
  const requests: Request[] = [];
  const fetch: Outside["fetch"] = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request);
    const { hostname } = new URL(request.url);
    return down.includes(hostname)
      ? new Response("no", { status: 500 })
      : Response.json(LISTS[hostname]);
  };
  return { requests, fetch };
}

const list = (services: Services, path = "/v1/models", headers: Record<string, string> = {}) =>
  send(services, path, { headers: { authorization: `Bearer ${KEY}`, ...headers } });

describe("GET /v1/models", () => {
  it("lists what the account has keys for, in OpenAI's shape, under names that work here", async () => {
    const { fetch } = providers();

    const { status, json } = await list(fakeServices({ fetch, database }));

    expect(status).toBe(200);
    expect(json()).toEqual({
      object: "list",
      data: [
        { id: "gpt-4o", object: "model", created: 5, owned_by: "system" },
        { id: "claude-opus-4-1", object: "model", created: 1_754_352_000, owned_by: "anthropic" },
        { id: "openrouter/openai/gpt-4o", object: "model", created: 0, owned_by: "openrouter" },
        { id: "google/gemini-2.5-pro", object: "model", created: 7, owned_by: "openrouter" },
      ],
    });
  });

  it("gives each provider its own key and nobody another's", async () => {
    const { requests, fetch } = providers();

    await list(fakeServices({ fetch, database }));

    const seen = requests.map(({ url, headers }) => [
      new URL(url).hostname,
      headers.get("authorization") ?? headers.get("x-api-key"),
    ]);
    expect(seen).toEqual([
      ["api.openai.com", "Bearer sk-stored"],
      ["api.anthropic.com", "sk-ant-stored"],
      ["openrouter.ai", "Bearer sk-or-v1-stored"],
    ]);
  });

  it("asks with a key that came with the request where it fits, and nowhere else", async () => {
    const { requests, fetch } = providers();

    await list(fakeServices({ fetch, database }), "/v1/models", {
      "x-provider-key": "sk-ant-mine",
    });

    const keys = requests.map(
      ({ headers }) => headers.get("authorization") ?? headers.get("x-api-key"),
    );
    expect(keys).toEqual(["Bearer sk-stored", "sk-ant-mine", "Bearer sk-or-v1-stored"]);
  });

  it("is partial and says so when one of them fails", async () => {
    const { fetch } = providers(["api.anthropic.com"]);

    const { status, json, headers } = await list(fakeServices({ fetch, database }));

    expect(status).toBe(200);
    expect(json()).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: "gpt-4o" })]),
    });
    expect(headers.get("x-mr-providers-failed")).toBe("anthropic");
  });

  it("does not wait for ever for one that never answers", async () => {
    const clock = createClock();
    const { fetch } = providers();
    const stuck: Outside["fetch"] = (input, init) =>
      new Request(input).url.includes("anthropic") ? new Promise(() => {}) : fetch(input, init);

    const { headers } = await clock.until(list(fakeServices({ clock, fetch: stuck, database })));

    expect(headers.get("x-mr-providers-failed")).toBe("anthropic");
  });

  it("is a 502 when none answers, since an empty list would be a lie", async () => {
    const { fetch } = providers(["api.openai.com"]);

    const { status } = await list(fakeServices({ fetch }));

    expect(status).toBe(502);
  });

  it("is empty for an account without provider keys", async () => {
    const services = fakeServices({
      database: { openMemoryKey: async () => openedKey({ provider_keys: [] }) },
    });

    expect((await list(services)).json()).toEqual({ object: "list", data: [] });
  });

  it("names the demo model where there is one", async () => {
    const { fetch } = providers();
    const services = fakeServices({ fetch, env: { DEMO_ORIGIN: "http://demo.test" } });

    const { json } = await list(services);

    expect(json()).toMatchObject({ data: [{ id: "gpt-4o" }, { id: "demo/memory" }] });
  });
});

describe("GET /v1/models/{id}", () => {
  it("tells of one model, slashes and all", async () => {
    const { fetch } = providers();

    const { json } = await list(
      fakeServices({ fetch, database }),
      "/v1/models/google/gemini-2.5-pro",
    );

    expect(json()).toMatchObject({ id: "google/gemini-2.5-pro", object: "model" });
  });

  it("is a 404 for a model that nobody lists", async () => {
    const { fetch } = providers();

    const { status, json } = await list(fakeServices({ fetch, database }), "/v1/models/nobody");

    expect(status).toBe(404);
    expect(json()).toMatchObject({ error: { code: "model_not_found" } });
  });
});

import { describe, expect, it } from "vitest";

import type { CheckResult } from "./check-key.ts";
import { createHandler, type NewProviderKey, type Ports } from "./handler.ts";

const APP = "https://app.example.com";
const ID = "0199b0aa-7e1c-7c3e-8f2a-4d1f0a6b9c21";
const SECRET = "sk-proj-0123456789abcdefghijWXYZ";

describe("adding a provider key", () => {
  it("stores a key that works and answers its row without the secret", async () => {
    const stored: NewProviderKey[] = [];
    const response = await send({ storeKey: keepIn(stored) }, "/provider-keys", {
      provider: "openai",
      secret: `  ${SECRET}\n`,
      nickname: " Production ",
    });

    expect(response.status).toBe(201);
    expect(stored).toEqual([
      {
        userId: "ada",
        provider: "openai",
        secret: SECRET,
        nickname: "Production",
        checkResult: "valid",
      },
    ]);
    expect(response.text).not.toContain(SECRET);
    expect(JSON.parse(response.text)).toMatchObject({ last_four: "WXYZ" });
  });

  it.each([
    ["wrong_key", 422, "wrong_key"],
    ["unreachable", 502, "provider_unreachable"],
  ] as const)("stores nothing when the verdict is %s", async (result, status, code) => {
    const stored: NewProviderKey[] = [];
    const response = await send(
      { checkKey: async () => result, storeKey: keepIn(stored) },
      "/provider-keys",
      { provider: "openai", secret: SECRET },
    );

    expect(response.status).toBe(status);
    expect(errorOf(response)).toMatchObject({ code, request_id: "req_test" });
    expect(stored).toEqual([]);
  });

  it("stores a key without credit, and says both", async () => {
    const stored: NewProviderKey[] = [];
    const response = await send(
      { checkKey: async () => "no_credit", storeKey: keepIn(stored) },
      "/provider-keys",
      { provider: "openai", secret: SECRET },
    );

    expect(response.status).toBe(422);
    expect(errorOf(response)).toMatchObject({ code: "no_credit" });
    expect(JSON.parse(response.text)).toMatchObject({ provider_key: { last_four: "WXYZ" } });
    expect(stored).toMatchObject([{ checkResult: "no_credit" }]);
  });

  it.each([
    ["openai", "sk-ant-api03-abc", "Anthropic"],
    ["openai", "sk-or-v1-abc", "OpenRouter"],
    ["anthropic", SECRET, "OpenAI"],
    ["openrouter", "mk_abc", "MemoryRouter"],
    ["anthropic", "hf_abc", "sk-ant-"],
  ])("never sends to %s the key %s", async (provider, secret, named) => {
    const asked: string[] = [];
    const checkKey = async (to: string): Promise<CheckResult> => {
      asked.push(to);
      return "valid";
    };
    const response = await send({ checkKey }, "/provider-keys", { provider, secret });

    expect(response.status).toBe(422);
    expect(errorOf(response)).toMatchObject({ code: "wrong_vendor" });
    expect(errorOf(response)["message"]).toContain(named);
    expect(asked).toEqual([]);
  });

  it.each([
    ["an unknown provider", { provider: "acme", secret: SECRET }, '"provider"'],
    ["no secret", { provider: "openai" }, '"secret"'],
    ["an empty secret", { provider: "openai", secret: "  " }, '"secret" is empty'],
    ["a secret with a space inside", { provider: "openai", secret: "sk-a b" }, '"secret" has'],
    [
      "a nickname that is a number",
      { provider: "openai", secret: SECRET, nickname: 7 },
      '"nickname"',
    ],
    ["a list", [], "JSON object"],
    ["broken JSON", "{", "JSON object"],
    ["a body of nine kilobytes", { provider: "openai", secret: "x".repeat(9_000) }, "too long"],
  ])("refuses %s with a sentence about it", async (_, body, expected) => {
    const response = await send({}, "/provider-keys", body);
    expect(response.status).toBe(400);
    expect(errorOf(response)["message"]).toContain(expected);
  });
});

describe("checking a stored key again", () => {
  it.each(["valid", "wrong_key", "no_credit", "unreachable"] as const)(
    "records and answers %s",
    async (result) => {
      const recorded: unknown[] = [];
      const response = await send(
        {
          checkKey: async () => result,
          recordCheck: async (...check) => {
            recorded.push(check);
            return { id: ID, last_check_result: result };
          },
        },
        `/functions/v1/provider-keys/${ID}/check`,
      );

      expect(response.status).toBe(200);
      expect(JSON.parse(response.text)).toEqual({ id: ID, last_check_result: result });
      expect(recorded).toEqual([["ada", ID, result]]);
    },
  );

  it("asks the provider that the stored key belongs to", async () => {
    const asked: unknown[] = [];
    await send(
      {
        revealKey: async () => "sk-ant-api03-abc",
        checkKey: async (...question) => {
          asked.push(question);
          return "valid";
        },
      },
      `/provider-keys/${ID}/check`,
    );
    expect(asked).toEqual([["anthropic", "sk-ant-api03-abc"]]);
  });

  it("answers another person's key, a made-up id and nonsense alike", async () => {
    const foreign = { revealKey: async () => null };
    const answers = await Promise.all([
      send(foreign, `/provider-keys/${ID}/check`),
      send(foreign, "/provider-keys/nonsense/check"),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(answers[0]?.text);
    }
  });
});

describe("the door", () => {
  it.each([
    ["no credential", {}],
    ["a publishable key instead of a session", { authorization: "Bearer sb_publishable_x" }],
    ["another scheme", { authorization: "Basic YTpi" }],
  ])("refuses %s before reading anything", async (_, headers) => {
    const handler = createHandler(fakePorts({ identify: async () => null }), [APP]);
    const response = await handler(
      new Request("https://x.example/provider-keys", { method: "POST", headers, body: "{" }),
    );
    expect(response.status).toBe(401);
  });

  it("allows the dashboard's origin and no look-alike", async () => {
    const handler = createHandler(fakePorts(), [APP]);
    const allowedOrigin = async (origin: string) => {
      const url = "https://x.example/provider-keys";
      const preflight = await handler(new Request(url, { method: "OPTIONS", headers: { origin } }));
      expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
      return preflight.headers.get("access-control-allow-origin");
    };
    expect(await allowedOrigin(APP)).toBe(APP);
    expect(await allowedOrigin(`${APP}.evil.example`)).toBeNull();
    expect(await allowedOrigin("null")).toBeNull();
  });

  it("keeps to itself what it cannot explain", async () => {
    const logged: unknown[] = [];
    const response = await send(
      {
        storeKey: async () => {
          throw new Error(`insert of ${SECRET} failed at db.internal`);
        },
        logError: (requestId) => void logged.push(requestId),
      },
      "/provider-keys",
      { provider: "openai", secret: SECRET },
    );
    expect(response.status).toBe(500);
    expect(response.text).not.toMatch(/db\.internal|sk-proj/);
    expect(logged).toEqual(["req_test"]);
  });

  it("names the method it takes", async () => {
    const handler = createHandler(fakePorts(), [APP]);
    const response = await handler(new Request("https://x.example/provider-keys"));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});

function fakePorts(overrides: Partial<Ports> = {}): Ports {
  return {
    identify: async () => "ada",
    checkKey: async () => "valid",
    storeKey: keepIn([]),
    revealKey: async () => SECRET,
    recordCheck: async (_userId, id, result) => ({ id, last_check_result: result }),
    newRequestId: () => "req_test",
    logError: () => {},
    ...overrides,
  };
}

function keepIn(stored: NewProviderKey[]) {
  return async (key: NewProviderKey) => {
    stored.push(key);
    return { id: ID, provider: key.provider, last_four: key.secret.slice(-4) };
  };
}

async function send(ports: Partial<Ports>, path: string, body: unknown = {}) {
  const handler = createHandler(fakePorts(ports), [APP]);
  const response = await handler(
    new Request(`https://x.example${path}`, {
      method: "POST",
      headers: { authorization: "Bearer session", origin: APP },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, text: await response.text() };
}

function errorOf({ text }: { text: string }): Record<string, unknown> {
  const { error } = JSON.parse(text) as { error: Record<string, unknown> };
  return error;
}

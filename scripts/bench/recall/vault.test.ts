import { describe, expect, it, vi } from "vitest";

import { openVault } from "./vault.ts";

const turn = {
  id: "t1",
  session: "7",
  role: "user",
  name: "Ines",
  at: "2025-05-01T10:00:00.000Z",
  text: "We named the boat Petrel.",
};

const stored = { stored: 1, duplicates: 0, failed: 0, errors: [] };

/** A stack that answers by path. */
const answering = (answers: Readonly<Record<string, unknown>> = {}) =>
  vi.fn<typeof fetch>(async (url) => {
    const { pathname } = new URL(url instanceof Request ? url.url : url);
    const answer = { "/v1/keys": { key: "mk_fresh" }, ...answers }[pathname];
    if (answer instanceof Response) return answer.clone();
    return answer === undefined ? new Response(null, { status: 404 }) : Response.json(answer);
  });

const connection = (fetch: typeof globalThis.fetch) => ({
  api: "http://stack",
  memoryKey: "mk_demo",
  fetch,
});

const lastRequest = (fetch: ReturnType<typeof answering>) => {
  const [url, init] = fetch.mock.lastCall ?? [];
  const { authorization } = Object.fromEntries(new Headers(init?.headers));
  const body = typeof init?.body === "string" ? init.body : "";
  return { url, method: init?.method, authorization, body };
};

describe("A bench vault", () => {
  it("is minted with the stack's own key", async () => {
    const fetch = answering();
    await openVault(connection(fetch), "bench boat");
    expect(lastRequest(fetch)).toEqual({
      url: "http://stack/v1/keys",
      method: "POST",
      authorization: "Bearer mk_demo",
      body: '{"name":"bench boat"}',
    });
  });

  it("is filled by an upload of JSON lines with the fresh key", async () => {
    const fetch = answering({ "/v1/memory/upload": { ...stored, stored: 2 } });
    const vault = await openVault(connection(fetch), "bench boat");

    await vault.fill([turn, { ...turn, id: "t2", name: null }]);

    const { authorization, body } = lastRequest(fetch);
    expect(authorization).toBe("Bearer mk_fresh");
    expect(body.split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        id: "t1",
        session_id: "7",
        role: "user",
        name: "Ines",
        timestamp: "2025-05-01T10:00:00.000Z",
        content: "We named the boat Petrel.",
      },
      expect.objectContaining({ id: "t2", name: null }),
    ]);
  });

  it("says which line an upload did not take", async () => {
    const errors = [{ line: 1, message: "content: Nothing is left to remember." }];
    const report = { stored: 0, duplicates: 0, failed: 1, errors };
    const vault = await openVault(
      connection(answering({ "/v1/memory/upload": report })),
      "bench boat",
    );
    await expect(vault.fill([turn])).rejects.toThrow(
      "The upload stored 0 of 1 turns; line 1: content: Nothing is left to remember.",
    );
  });

  it("is settled when nothing waits for vectors", async () => {
    const vault = await openVault(
      connection(answering({ "/v1/memory/stats": { waiting_for_vectors: 0 } })),
      "bench boat",
    );
    const onWaiting = vi.fn<(waiting: number) => void>();
    await vault.settle(onWaiting);
    expect(onWaiting).toHaveBeenLastCalledWith(0);
  });

  it("tells the ids found, in order, and how the search went", async () => {
    const memories = [{ id: "t2", content: "…" }, { id: "t1" }];
    const fetch = answering({ "/v1/memory/search": { memories, tokens: 20, status: "hit" } });
    const vault = await openVault(connection(fetch), "bench boat");

    const finding = await vault.search("What is the boat called?", { token_budget: 500 });

    expect(finding).toMatchObject({ ids: ["t2", "t1"], status: "hit" });
    expect(lastRequest(fetch).body).toBe('{"query":"What is the boat called?","token_budget":500}');
  });

  it("puts a refusal into a sentence", async () => {
    const refusal = Response.json(
      { error: { code: "invalid_memory_key", message: "This memory key opens nothing." } },
      { status: 401 },
    );
    await expect(
      openVault(connection(answering({ "/v1/keys": refusal })), "bench boat"),
    ).rejects.toThrow("POST /v1/keys was answered with 401: This memory key opens nothing.");
  });

  it("says so when nothing answers", async () => {
    const away = () => Promise.reject(new TypeError("fetch failed"));
    await expect(openVault(connection(away), "bench boat")).rejects.toThrow(
      "Nothing answers at http://stack. Is the stack still running?",
    );
  });
});

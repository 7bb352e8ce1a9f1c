import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { createClient } from "@supabase/supabase-js";
import OpenAI from "openai";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { mintKey, search } from "./support/api.ts";
import { type FakeProvider, startFakeProvider } from "./support/fake-provider.ts";
import { type TestStack, startTestStack } from "./support/test-stack.ts";

const SECRET = "The treasure lies under the third oak in Evora";
const PROVIDER_KEY = "sk-good-isolation-000000000000000000000";

let provider: FakeProvider;
let stack: TestStack;
let ada: Account;
let bob: Account;

beforeAll(async () => {
  provider = await startFakeProvider();
  stack = await startTestStack({ upstreams: { openai: provider.url }, web: "none" });
  ada = await openAccount("ada@example.com");
  bob = await openAccount("bob@example.com");
  await storeProviderKey(ada);
  await chat(ada.key, SECRET);
  await vi.waitUntil(async () => (await search(stack, ada.key, "treasure oak")).length > 0, {
    timeout: 10_000,
  });
});

afterAll(async () => {
  await stack?.stop();
  await provider?.stop();
});

type Account = { readonly token: string; readonly key: string };

const created = z.object({ key: z.string() });

/** Somebody with an account and a memory key, as the dashboard would make them. */
async function openAccount(email: string): Promise<Account> {
  const admin = createClient(stack.supabaseUrl, stack.secretKey, {
    auth: { persistSession: false },
  });
  const password = "correct horse battery staple";
  const { error } = await admin.auth.admin.createUser({ email, password, email_confirm: true });
  if (error) throw error;

  const person = createClient(stack.supabaseUrl, stack.publishableKey, {
    auth: { persistSession: false },
  });
  const { data } = await person.auth.signInWithPassword({ email, password });
  const key = await person.rpc("create_memory_key", { name: `${email}'s key` }).throwOnError();
  return { token: data.session?.access_token ?? "", key: created.parse(key.data).key };
}

async function storeProviderKey({ token }: Account) {
  const response = await fetch(`${stack.functionsUrl}/provider-keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ provider: "openai", secret: PROVIDER_KEY }),
  });
  expect(response.status, await response.clone().text()).toBe(201);
}

async function chat(apiKey: string, content: string) {
  const openai = new OpenAI({ apiKey, baseURL: `${stack.api}/v1`, maxRetries: 0 });
  return await openai.chat.completions.create({
    model: "openai/gpt-4o",
    messages: [{ role: "user", content }],
  });
}

describe("What one memory key remembers", () => {
  it("is found by that key", async () => {
    expect(await search(stack, ada.key, "Where is the treasure?")).toContain(`user: ${SECRET}`);
  });

  it("is not seen by another account's key", async () => {
    expect(await search(stack, bob.key, "Where is the treasure?")).toEqual([]);
  });

  it("is not seen by another key of the same account", async () => {
    const sibling = await mintKey(stack, ada.key);
    expect(await search(stack, sibling, "Where is the treasure?")).toEqual([]);

    provider.requests.length = 0;
    await chat(sibling, "Where is the treasure?");
    expect(provider.requests[0]?.body.toString("utf8")).not.toContain("Evora");
  });

  it("is not seen by anybody else through the database's API", async () => {
    const tables = ["memories", "sessions", "turns", "turn_steps", "memory_keys", "provider_keys"];
    for (const table of tables) {
      for (const token of [bob.token, null]) {
        const response = await fetch(`${stack.supabaseUrl}/rest/v1/${table}?select=*`, {
          headers: {
            apikey: stack.publishableKey,
            ...(token && { authorization: `Bearer ${token}` }),
          },
        });
        const text = await response.text();
        expect(text, `${table} as ${token ? "Bob" : "a stranger"}`).not.toMatch(/Evora|ada@|Ada/);
      }
    }
  });
});

describe("A secret", () => {
  const secrets = () => [ada.key, bob.key, stack.demo.memoryKey, PROVIDER_KEY];

  it("stands nowhere in the database", async () => {
    if (stack.databaseUrl === null) throw new Error("The stack has no database of its own");
    const sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} });
    try {
      const tables = await sql<{ name: string }[]>`
        select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`;
      expect(tables.length).toBeGreaterThan(20);
      let remembered = false;
      for (const { name } of tables) {
        const [dump] = await sql.unsafe<{ text: string | null }[]>(
          `select string_agg(to_jsonb(row)::text, '') as text from ${name} as row`,
        );
        const text = dump?.text ?? "";
        for (const secret of secrets()) expect(text.includes(secret), name).toBe(false);
        remembered ||= text.includes("Evora");
      }
      expect(remembered).toBe(true);
    } finally {
      await sql.end();
    }
  });

  it("stands in no file the stack writes but the one that is meant to hold it", async () => {
    const files = await readdir(stack.folder, { recursive: true, withFileTypes: true });
    const written = files.filter((file) => file.isFile() && file.name !== "stack.json");
    expect(written.length).toBeGreaterThan(10);
    for (const file of written) {
      const path = join(file.parentPath, file.name);
      const bytes = await readFile(path);
      for (const secret of [ada.key, bob.key, PROVIDER_KEY]) {
        expect(bytes.includes(secret), path).toBe(false);
      }
    }
  });
});

import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient } from "@supabase/supabase-js";
import OpenAI from "openai";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { LOCAL_EMBEDDINGS_MODEL } from "./embeddings-api.ts";
import { freePortBase } from "./free-port-base.ts";
import { readStack, stackSchema } from "./stack-file.ts";
import { type Stack, startStack } from "./start-stack.ts";

const clientOptions = { auth: { persistSession: false, autoRefreshToken: false } };

const mailsSchema = z.array(
  z.object({ subject: z.string(), text: z.string(), links: z.array(z.string()) }),
);

/** One stack for all of these, since starting one takes seconds. The last ones stop and start it. */
describe("a stack", () => {
  let dataDir = "";
  let portBase = 0;
  let stack: Stack;

  const start = () => startStack({ dataDir, portBase, web: "none" });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "memoryrouter-stack-"));
    portBase = await freePortBase();
    stack = await start();
  });
  afterAll(async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true });
  });

  const client = (key: string) => createClient(stack.supabaseUrl, key, clientOptions);

  const sql = async <T>(work: (sql: postgres.Sql) => Promise<T>) => {
    const connection = postgres(stack.databaseUrl ?? "", { max: 1, onnotice: () => {} });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };

  const mailsTo = async (address: string) => {
    const response = await fetch(`${stack.mailbox}/api/messages?to=${encodeURIComponent(address)}`);
    return mailsSchema.parse(await response.json());
  };

  describe("stack.json", () => {
    it("says where everything is, to its owner alone", async () => {
      const file = join(dataDir, "stack.json");
      const written = stackSchema.parse(JSON.parse(await readFile(file, "utf8")));
      expect(written).toEqual(await readStack(dataDir));
      expect(written).toMatchObject({
        api: `http://127.0.0.1:${portBase + 4}`,
        supabaseUrl: `http://127.0.0.1:${portBase}`,
        functionsUrl: `http://127.0.0.1:${portBase}/functions/v1`,
        mailbox: `http://127.0.0.1:${portBase + 2}`,
        web: null,
        demo: { memoryKey: expect.stringMatching(/^mk_\w{49}$/), model: "demo/memory" },
        pid: process.pid,
      });
      expect(written.databaseUrl).toContain(`:${portBase + 1}/postgres?sslmode=disable`);
      const { mode } = await stat(file);
      expect(mode & 0o777).toBe(0o600);
    });

    it("is not found where no stack runs", async () => {
      await expect(readStack(tmpdir())).rejects.toThrow("No stack is running");
    });
  });

  describe("its database", () => {
    it("shows a stranger no table", async () => {
      const tables = await sql(
        (query) => query<{ name: string }[]>`
          select relname as name from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')`,
      );
      expect(tables.length).toBeGreaterThan(5);
      const stranger = client(stack.publishableKey);
      const answers = await Promise.all(tables.map(({ name }) => stranger.from(name).select("*")));
      expect(new Set(answers.map(({ error }) => error?.code))).toEqual(new Set(["42501"]));
    });

    it("grants nobody anything that no migration granted", async () => {
      // What the local REST server would do by itself: everything, to everybody.
      await client(stack.publishableKey).from("memory_keys").select("id");
      const offenders = await sql(
        (query) => query`
          select relname, grantee from pg_class
          cross join unnest(array['anon', 'authenticated']) as grantee
          where relnamespace = 'private'::regnamespace and relkind in ('r', 'p', 'S')
            and case relkind
              when 'S' then has_sequence_privilege(grantee, oid, 'usage, select, update')
              else has_table_privilege(grantee, oid, 'select, insert, update, delete')
            end`,
      );
      expect([...offenders]).toEqual([]);
      const defaults = await sql(
        (query) => query`
          select acl::text from pg_default_acl, unnest(defaclacl) as acl
          where acl::text ~ '^(anon|authenticated)='`,
      );
      expect([...defaults]).toEqual([]);
    });

    it("takes the secret key for the service, and keeps what only that may do from people", async () => {
      const { data } = await client(stack.secretKey).rpc("database_time");
      expect(Date.parse(String(data))).toBeGreaterThan(0);
      const stranger = await client(stack.publishableKey).rpc("database_time");
      expect(stranger.error?.code).toBe("42501");
    });

    it("shows people what is theirs", async () => {
      const person = client(stack.publishableKey);
      const { error } = await person.auth.signInWithPassword(stack.demo);
      expect(error).toBeNull();
      const { data } = await person.from("memory_keys").select("name");
      expect(data).toEqual([{ name: "Demo" }]);
    });
  });

  describe("its mails", () => {
    it("hold a link to the web app whose token signs in", async () => {
      const email = "ada@example.com";
      const person = client(stack.publishableKey);
      await person.auth.signInWithOtp({ email });
      const [mail] = await mailsTo(email);

      const link = new URL(mail?.links[0] ?? "");
      expect(`${link.origin}${link.pathname}`).toBe(
        `http://127.0.0.1:${portBase + 5}/auth/confirm`,
      );
      expect(mail?.text).toContain(link.href);

      const { data } = await person.auth.verifyOtp({
        token_hash: link.searchParams.get("token_hash") ?? "",
        type: "magiclink",
      });
      expect(data.user?.email).toBe(email);
    });

    it("confirm an address after a sign-up, and only then let in", async () => {
      const account = { email: "bob@example.com", password: "a long enough one" };
      const person = client(stack.publishableKey);
      await person.auth.signUp(account);
      const early = await person.auth.signInWithPassword(account);
      expect(early.error?.code).toBe("email_not_confirmed");

      const [mail] = await mailsTo(account.email);
      const link = new URL(mail?.links[0] ?? "");
      const { error } = await person.auth.verifyOtp({
        token_hash: link.searchParams.get("token_hash") ?? "",
        type: "signup",
      });
      expect(error).toBeNull();
    });
  });

  describe("its admin API", () => {
    it("makes, finds, changes and deletes accounts with the secret key", async () => {
      const { admin } = client(stack.secretKey).auth;
      const email = "carol@example.com";
      const made = await admin.createUser({ email, password: "one-One1", email_confirm: true });
      const id = made.data.user?.id ?? "";

      await admin.updateUserById(id, { password: "two-Two2" });
      const signedIn = await client(stack.publishableKey).auth.signInWithPassword({
        email,
        password: "two-Two2",
      });
      expect(signedIn.error).toBeNull();

      const { data } = await admin.listUsers();
      expect(data.users.map((user) => user.email)).toContain(email);
      await admin.deleteUser(id);
      const gone = await admin.getUserById(id);
      expect(gone.error?.status).toBe(404);
    });

    it("is closed to everybody else", async () => {
      const { error } = await client(stack.publishableKey).auth.admin.listUsers();
      expect(error?.status).toBe(401);
    });
  });

  describe("its embedder", () => {
    const embed = async (input: string | string[]) => {
      const openai = new OpenAI({ apiKey: "local", baseURL: stack.embeddings });
      const { data } = await openai.embeddings.create({ model: LOCAL_EMBEDDINGS_MODEL, input });
      return data.map(({ embedding }) => embedding);
    };
    const likeness = (a: number[] = [], b: number[] = []) =>
      a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

    it("gives a text the same 512 numbers every time, alone or among others", async () => {
      const [alone] = await embed("My sister lives in Oslo.");
      const [, among] = await embed(["A red bicycle.", "My sister lives in Oslo.", ""]);
      expect(alone).toHaveLength(512);
      expect(likeness(alone, alone)).toBeCloseTo(1, 4);
      expect(likeness(alone, among)).toBeCloseTo(1, 4);
    });

    it("puts what means the same closer than what does not", async () => {
      const [question, fitting, other] = await embed([
        "Where does my sister live?",
        "My sister lives in Oslo.",
        "The invoice is due on Friday.",
      ]);
      expect(likeness(question, fitting)).toBeGreaterThan(likeness(question, other) + 0.2);
    });

    it.each(["", "🎉🎉", "你好，世界", "a".repeat(20_000), "\ud800"])(
      "survives %j",
      async (text) => {
        const [vector] = await embed(text);
        expect(likeness(vector, vector)).toBeCloseTo(1, 4);
      },
    );
  });

  it("serves its Edge Functions behind the Supabase URL", async () => {
    const known = await fetch(`${stack.functionsUrl}/provider-keys`, {
      method: "POST",
      body: "{}",
    });
    expect(known.status).toBe(401);
    const unknown = await fetch(`${stack.functionsUrl}/no-such-function`);
    expect(unknown.status).toBe(404);
  });

  it("refuses a second start on its folder and goes on", async () => {
    await expect(start()).rejects.toThrow(/already running.*process \d+/);
    expect(await readStack(dataDir)).toMatchObject({ pid: process.pid });
  });

  const ask = (path: string, body: object) =>
    fetch(`${stack.api}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${stack.demo.memoryKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    }).then((response) => response.text());

  it("keeps its data, its keys and its demo account over a restart, and what was told at the last moment", async () => {
    const before = await readStack(dataDir);
    const content = "My favourite colour is heliotrope.";
    await ask("/v1/chat/completions", {
      model: stack.demo.model,
      messages: [{ role: "user", content }],
    });
    await stack.stop();
    await expect(readStack(dataDir)).rejects.toThrow("No stack is running");

    stack = await start();
    expect(await readStack(dataDir)).toEqual(before);
    const { data } = await client(stack.secretKey).auth.admin.listUsers();
    expect(data.users.map((user) => user.email)).toContain("ada@example.com");
    const found = await ask("/v1/memory/search", { query: "favourite colour" });
    expect(found).toContain(content);
  });

  it("does not start on a database whose migrations were edited, and says how to reset", async () => {
    await sql(
      (query) => query`
        update supabase_migrations.applied_checksums set checksum = 'that of an older text'
        where version = (select max(version) from supabase_migrations.applied_checksums)`,
    );
    await stack.stop();
    await expect(start()).rejects.toThrow(
      new RegExp(`was edited after it had been applied.*rm -r ${dataDir}`),
    );
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Database, openFolderDatabase } from "./database.ts";
import { applyMigrations } from "./migrations.ts";

const RESET = { howToReset: "remove the folder." };

describe("migrations", () => {
  let database: Database;
  let folder = "";

  beforeAll(async () => {
    database = await openFolderDatabase({ folder: null, port: 0 });
    folder = await mkdtemp(join(tmpdir(), "memoryrouter-migrations-"));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    await database.sql`drop schema if exists supabase_migrations, public cascade`;
    await database.sql`create schema public`;
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), "memoryrouter-migrations-"));
    await write("1_first.sql", "create table public.first (a int); insert into first values (1);");
    await write("2_second.sql", "alter table public.first add b int;");
  });

  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const apply = () => applyMigrations(database.sql, folder, RESET);

  it("are applied once, in order, and recorded as the Supabase CLI records them", async () => {
    expect(await apply()).toEqual(["1_first.sql", "2_second.sql"]);
    expect(await apply()).toEqual([]);
    const rows = await database.sql`
      select version, name, cardinality(statements) as statements
      from supabase_migrations.schema_migrations order by version`;
    expect([...rows]).toEqual([
      { version: "1", name: "first", statements: 1 },
      { version: "2", name: "second", statements: 1 },
    ]);
  });

  it("tell the REST server to look at the schema again", async () => {
    const heard = new Promise<string>((resolve) => {
      void database.listen("pgrst", resolve);
    });
    await apply();
    await expect(heard).resolves.toBe("reload schema");
  });

  it("are refused when one was edited after it had been applied, with the way out", async () => {
    await apply();
    await write("1_first.sql", "create table public.first (a bigint);");
    await expect(apply()).rejects.toThrow(
      /1_first\.sql was edited after it had been applied.*remove the folder/,
    );
  });

  it("are refused when one that was applied is gone", async () => {
    await apply();
    await rm(join(folder, "2_second.sql"));
    await expect(apply()).rejects.toThrow(/has the migration 2, but no file/);
  });

  it("leave nothing behind of one that fails, and name its line", async () => {
    await write("3_third.sql", "create table public.third (a int);\n\nselect nonsense;\n");
    await expect(apply()).rejects.toThrow(/3_third\.sql failed: .*nonsense.*line 3/);
    const [row] = await database.sql`select to_regclass('public.third') as third`;
    expect(row).toEqual({ third: null });
  });

  it("take over what the Supabase CLI has applied", async () => {
    await apply();
    await database.sql`drop table supabase_migrations.applied_checksums`;
    expect(await apply()).toEqual([]);
    await write("2_second.sql", "select 1;");
    await expect(apply()).rejects.toThrow(/2_second\.sql was edited/);
  });
});

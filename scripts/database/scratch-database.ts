/**
 * A database of our own to try things on, prepared as Supabase prepares one and gone afterwards: in
 * memory, or on a real Postgres beside whatever is there already.
 *
 * On a real Postgres the migrations are applied by a role that is no superuser, as on a hosted
 * project; what only a superuser may do then fails here first.
 */

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

import postgres from "postgres";

import { openFolderDatabase } from "../platform/database.ts";
import { repository } from "../platform/paths.ts";
import { LOOPBACK } from "../platform/ports.ts";

export type ScratchDatabase = {
  /** Reaches it as the role that applies migrations. */
  readonly url: string;
  /** One connection, with the vault unlocked and pgTAP at hand. The caller ends it. */
  readonly connect: () => Promise<postgres.Sql>;
  readonly drop: () => Promise<void>;
};

const MIGRATOR = "memoryrouter_migrator";

const support = (name: string) => join(repository.supabase, "tests", "support", name);

/** What Supabase brings, and pgTAP. Needs a superuser. */
async function prepare(sql: postgres.Sql): Promise<void> {
  for (const file of [repository.localRoles, repository.localVault, support("auth.sql")]) {
    await sql.unsafe(await readFile(file, "utf8"));
  }
  await sql`create extension if not exists pgtap with schema extensions`;
}

async function connectTo(url: string, vaultRootKey: string): Promise<postgres.Sql> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  // The database in memory does not hear settings that come with the connection.
  await sql`
    select
      set_config('search_path', 'public, extensions', false),
      set_config('app.vault_root_key', ${vaultRootKey}, false)`;
  return sql;
}

export async function createDatabaseInMemory(): Promise<ScratchDatabase> {
  const database = await openFolderDatabase({ folder: null, port: await findFreePort() });
  const vaultRootKey = randomBytes(32).toString("hex");
  await prepare(database.sql);
  return {
    url: database.url,
    connect: () => connectTo(database.url, vaultRootKey),
    drop: database.close,
  };
}

export async function createDatabaseBeside(superuserUrl: string): Promise<ScratchDatabase> {
  const name = `memoryrouter_scratch_${process.pid}`;
  const within = (user?: string) => {
    const url = new URL(superuserUrl);
    url.pathname = `/${name}`;
    if (user !== undefined) url.username = user;
    return url.href;
  };
  const password = randomBytes(16).toString("hex");
  const superuser = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  await superuser.unsafe(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${MIGRATOR}') then
        create role ${MIGRATOR} login createrole bypassrls;
      end if;
    end $$;
    alter role ${MIGRATOR} password '${password}';
  `);
  await superuser.unsafe(`create database ${name} owner ${MIGRATOR}`);

  const inside = postgres(within(), { max: 1, onnotice: () => {} });
  await prepare(inside);
  await inside.unsafe(await readFile(support("hosted_postgres.sql"), "utf8"));
  // For the linter, which a hosted project may install by itself.
  await inside.unsafe("create extension if not exists plpgsql_check with schema extensions");
  await inside.end();

  const url = new URL(within(MIGRATOR));
  url.password = password;
  const vaultRootKey = randomBytes(32).toString("hex");
  return {
    url: url.href,
    connect: () => connectTo(url.href, vaultRootKey),
    drop: async () => {
      await superuser.unsafe(`drop database if exists ${name} with (force)`);
      await superuser.end();
    },
  };
}

/** Another program may take it before we do, which then says so. */
async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: LOOPBACK, port: 0 }, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("No port is free")),
      );
    });
  });
}

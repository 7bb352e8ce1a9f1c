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
  const migrator = `${name}_migrator`;
  const password = randomBytes(16).toString("hex");
  const vaultRootKey = randomBytes(32).toString("hex");
  const inside = new URL(superuserUrl);
  inside.pathname = `/${name}`;

  const superuser = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  await superuser.unsafe(
    `create role ${migrator} login createrole bypassrls password '${password}'`,
  );
  await superuser.unsafe(`create database ${name} owner ${migrator}`);

  const sql = postgres(inside.href, { max: 1, onnotice: () => {} });
  await prepare(sql);
  await sql.unsafe(await readFile(support("hosted_postgres.sql"), "utf8"));
  // For the linter, which a hosted project may install by itself.
  await sql.unsafe("create extension if not exists plpgsql_check with schema extensions");
  await sql.end({ timeout: 5 });

  inside.username = migrator;
  inside.password = password;
  return {
    url: inside.href,
    connect: () => connectTo(inside.href, vaultRootKey),
    drop: async () => {
      await superuser.unsafe(`drop database if exists ${name} with (force)`);
      await superuser.unsafe(`drop role if exists ${migrator}`);
      await superuser.end({ timeout: 5 });
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

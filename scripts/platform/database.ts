/**
 * The stack's Postgres: one that lives in a folder and answers on a local SQL port, or one that
 * runs elsewhere and is reached by its URL.
 */

import { existsSync } from "node:fs";

import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { pgtap } from "@electric-sql/pglite/pgtap";
import { vector } from "@electric-sql/pglite/vector";
import postgres from "postgres";

import { PlatformError } from "./platform-error.ts";
import { LOOPBACK } from "./ports.ts";
import { openSqlPort } from "./sql-port.ts";

export type Database = {
  readonly url: string;
  /** Connections of our own: migrations, administration. */
  readonly sql: postgres.Sql;
  /** Calls back on `notify <channel>`, which no REST server here would hear otherwise. */
  readonly listen: (channel: string, hear: (payload: string) => void) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens the database in a folder, or in memory, and serves it on a port. Makes the folder when it is missing. */
export async function openFolderDatabase(options: {
  readonly folder: string | null;
  /** 0 for any that is free. */
  readonly port: number;
}): Promise<Database> {
  const { folder, port } = options;
  const pglite = await openPglite(folder);
  const sqlPort = await openSqlPort(pglite, port);
  // One session serves every client, so encryption and passwords would protect nothing here.
  const url = `postgresql://postgres:postgres@${LOOPBACK}:${sqlPort.port}/postgres?sslmode=disable`;
  const sql = connect(url);
  return {
    url,
    sql,
    listen: async (channel, hear) => {
      await pglite.listen(channel, hear);
    },
    close: async () => {
      await sql.end({ timeout: 5 });
      await sqlPort.close();
      await pglite.close();
    },
  };
}

/** Connects to a Postgres that somebody else runs, and leaves it running. */
export async function openOutsideDatabase(url: string): Promise<Database> {
  const sql = connect(url);
  try {
    await sql`select 1`;
  } catch (cause) {
    await sql.end({ timeout: 1 });
    throw new PlatformError(
      `The database of DATABASE_URL does not answer (${describe(cause)}). Start it, or unset DATABASE_URL to use the built-in one.`,
      { cause },
    );
  }
  return {
    url,
    sql,
    listen: async (channel, hear) => {
      await sql.listen(channel, hear);
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

function connect(url: string): postgres.Sql {
  return postgres(url, {
    max: 2,
    onnotice: () => {},
    connection: { TimeZone: "UTC", application_name: "memoryrouter" },
  });
}

async function openPglite(folder: string | null): Promise<PGlite> {
  const extensions = { vector, pgcrypto, pg_trgm, pgtap };
  if (folder === null) return PGlite.create({ extensions });
  const isNew = !existsSync(folder);
  try {
    return await PGlite.create({ dataDir: folder, extensions });
  } catch (cause) {
    throw new PlatformError(
      isNew
        ? `A database cannot be made in ${folder} (${describe(cause)}). Check that the folder above it is writable and the disk has room.`
        : `The database in ${folder} cannot be opened (${describe(cause)}). Put the folder back from a backup, or remove it to begin with an empty one.`,
      { cause },
    );
  }
}

function describe(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  // How a program in WASM gives up; it says nothing about why.
  if (message.startsWith("Aborted")) return "its files are damaged";
  return message.split("\n", 1)[0] ?? "no reason given";
}

/**
 * Applies the migrations of a folder, each once and in order, and keeps the record the Supabase
 * CLI keeps, so that `db push` and `migration list` agree with us.
 *
 * Beside it stands a checksum per migration: a file that was edited after it had been applied is
 * recognised, instead of the database silently differing from the folder that describes it.
 */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type postgres from "postgres";

import { PlatformError } from "./platform-error.ts";

export type Migration = {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
};

/** Returns the names of the files that were applied now. */
export async function applyMigrations(
  sql: postgres.Sql,
  folder: string,
  options: {
    /** How to begin with an empty database, as the end of a sentence. */
    readonly howToReset: string;
  },
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  await ensureRecord(sql);
  const applied = await sql<{ version: string; checksum: string | null }[]>`
    select m.version, c.checksum
    from supabase_migrations.schema_migrations m
    left join supabase_migrations.applied_checksums c using (version)`;

  const checksums = new Map(applied.map(({ version, checksum }) => [version, checksum]));
  refuseRewrittenHistory(migrations, checksums, options.howToReset);

  const pending = migrations.filter(({ version }) => !checksums.has(version));
  for (const migration of pending) await applyMigration(sql, migration);
  await rememberChecksums(sql, migrations);
  // REST servers answer from a cache of the schema until they are told.
  if (pending.length > 0) await sql`notify pgrst, 'reload schema'`;
  return pending.map(({ file }) => file);
}

export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = await readdir(folder).catch(() => []);
  const named = files.flatMap((file) => {
    const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
    return version !== undefined && name !== undefined ? [{ file, version, name }] : [];
  });
  named.sort((a, b) => (a.version < b.version ? -1 : 1));
  return Promise.all(
    named.map(async (entry) => {
      const text = await readFile(join(folder, entry.file), "utf8");
      return { ...entry, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

function refuseRewrittenHistory(
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, string | null>,
  howToReset: string,
): void {
  const edited = migrations.find(({ version, checksum }) => {
    const known = applied.get(version);
    return typeof known === "string" && known !== checksum;
  });
  if (edited) {
    throw new PlatformError(
      `The migration ${edited.file} was edited after it had been applied to this database. Put the file back as it was, or ${howToReset}`,
    );
  }
  const versions = new Set(migrations.map(({ version }) => version));
  const missing = [...applied.keys()].find((version) => !versions.has(version));
  if (missing !== undefined) {
    throw new PlatformError(
      `This database has the migration ${missing}, but no file of that version is in the folder. Put the file back, or ${howToReset}`,
    );
  }
}

async function ensureRecord(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key,
      statements text[],
      name text
    );
    create table if not exists supabase_migrations.applied_checksums (
      version text primary key,
      checksum text not null
    );
  `);
}

async function applyMigration(sql: postgres.Sql, migration: Migration): Promise<void> {
  const { version, name, file, text } = migration;
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(text);
      await transaction`
        insert into supabase_migrations.schema_migrations (version, statements, name)
        values (${version}, array[${text}], ${name})`;
    });
  } catch (cause) {
    throw new PlatformError(`The migration ${file} failed: ${explain(cause, text)}`, { cause });
  }
}

/** Also for migrations that the Supabase CLI applied: it keeps no checksum. */
async function rememberChecksums(
  sql: postgres.Sql,
  migrations: readonly Migration[],
): Promise<void> {
  for (const { version, checksum } of migrations) {
    await sql`
      insert into supabase_migrations.applied_checksums (version, checksum)
      values (${version}, ${checksum})
      on conflict (version) do nothing`;
  }
}

/** Names the line, which a migration's author needs more than anything else. */
function explain(cause: unknown, text: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const position = "position" in cause ? Number(cause.position) : Number.NaN;
  if (!Number.isInteger(position)) return cause.message;
  return `${cause.message} (line ${text.slice(0, position).split("\n").length})`;
}

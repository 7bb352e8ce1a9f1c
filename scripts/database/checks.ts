/** What the Supabase CLI says about our migrations, each as a test that passed or did not. */

import { execFile } from "node:child_process";
import { join } from "node:path";

import { readMigrations } from "../platform/migrations.ts";
import { repository } from "../platform/paths.ts";
import type { TapResult } from "./run-tap.ts";
import type { ScratchDatabase } from "./scratch-database.ts";
import { type Outcome, supabase } from "./run-tool.ts";

const said = ({ stdout, stderr }: Outcome) => `${stderr}\n${stdout}`.trim().slice(0, 4000);

/** Pushes the migrations, and pushes them again: the second time nothing may change. */
export async function pushTwice(database: ScratchDatabase): Promise<TapResult> {
  const push = () => supabase("db", "push", `--remote=${database.url}`, "--yes");
  const first = await push();
  if (first.code !== 0) return { passed: 0, failures: [`The first push fails: ${said(first)}`] };
  const before = await fingerprint(database);

  const second = await push();
  const failures: string[] = [];
  if (second.code !== 0) failures.push(`The second push fails: ${said(second)}`);
  if ((await fingerprint(database)) !== before) failures.push("The second push changes something");
  const migrations = await readMigrations(repository.migrations);
  if (!before.startsWith(`${migrations.length} migrations`)) {
    failures.push("Not every migration is in the CLI's history");
  }
  return { passed: 3 - failures.length, failures };
}

/** One line that differs when a table, a column, a function, a policy, a trigger or a grant does. */
async function fingerprint(database: ScratchDatabase): Promise<string> {
  const sql = await database.connect();
  try {
    const [row] = await sql<{ line: string }[]>`
      select concat(
        (select count(*) from supabase_migrations.schema_migrations), ' migrations, ',
        md5(concat(
          (select string_agg(concat(oid, relname, relacl, relowner, relrowsecurity), ',' order by oid) from pg_class
            where relnamespace in ('public'::regnamespace, 'private'::regnamespace)),
          (select string_agg(concat(attrelid, attname, atttypid, attacl), ',' order by attrelid, attnum) from pg_attribute
            join pg_class on pg_class.oid = attrelid
            where relnamespace in ('public'::regnamespace, 'private'::regnamespace)),
          (select string_agg(concat(oid, prosrc, proacl, proowner), ',' order by oid) from pg_proc
            where pronamespace in ('public'::regnamespace, 'private'::regnamespace)),
          (select string_agg(concat(oid, polname, polqual, polwithcheck), ',' order by oid) from pg_policy),
          (select string_agg(concat(oid, tgname, tgfoid), ',' order by oid) from pg_trigger)
        ))
      ) as line`;
    return row?.line ?? "";
  } finally {
    await sql.end({ timeout: 5 });
  }
}

export async function lint(database: ScratchDatabase): Promise<TapResult> {
  const schemas = "--schema=public,private";
  return verdict(
    "Every function is sound",
    await supabase(
      "db",
      "lint",
      `--remote=${database.url}`,
      schemas,
      "--level=warning",
      "--fail-on=warning",
    ),
  );
}

export async function advise(database: ScratchDatabase): Promise<TapResult> {
  return verdict(
    "The advisors have no warning",
    await supabase("db", "advisors", `--remote=${database.url}`, "--level=warn", "--fail-on=warn"),
  );
}

export async function compareTypes(): Promise<TapResult> {
  const script = join(repository.root, "scripts", "generate-database-types.ts");
  const outcome = await new Promise<Outcome>((resolve) => {
    execFile(process.execPath, [script, "--check"], { timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, stdout, stderr }),
    );
  });
  return verdict("The generated types are those of the migrations", outcome);
}

function verdict(sentence: string, outcome: Outcome): TapResult {
  return outcome.code === 0
    ? { passed: 1, failures: [] }
    : { passed: 0, failures: [`${sentence}\n${said(outcome)}`] };
}

/**
 * Tests the database: applies the migrations and runs every `supabase/tests/*.test.sql`.
 *
 * By itself it does so in memory. With `DATABASE_URL`, the URL of a superuser on a real Postgres, it
 * does so there in a database of its own, as a role that is no superuser: the Supabase CLI pushes the
 * migrations twice and the second time must change nothing. `--extra` adds the CLI's linter and
 * advisors and compares the generated types. Names of files as arguments choose among the tests.
 *
 * Closes with `N passed, N failed`.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { advise, compareTypes, lint, pushTwice } from "./database/checks.ts";
import { testConcurrency } from "./database/test-concurrency.ts";
import { runTap, type TapResult } from "./database/run-tap.ts";
import {
  createDatabaseBeside,
  createDatabaseInMemory,
  type ScratchDatabase,
} from "./database/scratch-database.ts";
import { applyMigrations } from "./platform/migrations.ts";
import { repository } from "./platform/paths.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { extra: { type: "boolean", default: false } },
});
const databaseUrl = process.env["DATABASE_URL"];

let passed = 0;
let failed = 0;

function tell(name: string, { passed: held, failures }: TapResult): void {
  passed += held;
  failed += failures.length;
  console.log(`${failures.length === 0 ? "✓" : "✗"} ${name} (${held} passed)`);
  for (const failure of failures) console.log(`    ✗ ${name}: ${failure}`);
}

async function migrateInMemory(database: ScratchDatabase): Promise<void> {
  const sql = await database.connect();
  await applyMigrations(sql, repository.migrations, { howToReset: "run this again." });
  await sql.end({ timeout: 5 });
}

async function runTests(database: ScratchDatabase): Promise<void> {
  const folder = join(repository.supabase, "tests");
  const files = (await readdir(folder)).filter(
    (file) =>
      file.endsWith(".test.sql") &&
      (positionals.length === 0 || positionals.some((name) => file.startsWith(name))),
  );
  for (const file of files.toSorted()) {
    const sql = await database.connect();
    tell(file, await runTap(sql, join(folder, file)));
    await sql.end({ timeout: 5 });
  }
}

const database =
  databaseUrl === undefined
    ? await createDatabaseInMemory()
    : await createDatabaseBeside(databaseUrl);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void database.drop().finally(() => process.exit(1)));
}
try {
  if (databaseUrl === undefined) await migrateInMemory(database);
  else tell("migrations", await pushTwice(database));
  await runTests(database);
  if (databaseUrl !== undefined && positionals.length === 0) {
    tell("several at once", await testConcurrency(database));
  }
  if (values.extra) {
    if (databaseUrl === undefined) console.log("could not run: lint (it needs a real Postgres)");
    else tell("lint", await lint(database));
    tell("advisors", await advise(database));
    tell("generated types", await compareTypes());
  }
} finally {
  await database.drop();
}

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

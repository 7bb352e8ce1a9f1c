/**
 * Writes the types of the database's API from the migrations, not from a project: whoever has the
 * repository has the truth. With `--check` it only says whether the file in the repository is right.
 */

import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { runTool, supabase } from "./database/run-tool.ts";
import { createDatabaseInMemory } from "./database/scratch-database.ts";
import { applyMigrations } from "./platform/migrations.ts";
import { repository } from "./platform/paths.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const file = join(repository.functions, "_shared", "database.types.ts");
const header =
  "// Generated from supabase/migrations by `npm run database:types`. Do not edit.\n\n";

async function generate(): Promise<string> {
  const database = await createDatabaseInMemory();
  try {
    const sql = await database.connect();
    await applyMigrations(sql, repository.migrations, { howToReset: "run this again." });
    await sql.end({ timeout: 5 });
    const { code, stdout, stderr } = await supabase(
      "gen",
      "types",
      "--lang=typescript",
      "--schema=public",
      `--remote=${database.url}`,
    );
    if (code !== 0 || stdout.trim() === "") throw new Error(`No types were generated:\n${stderr}`);
    return await format(header + stdout.trimStart());
  } finally {
    await database.drop();
  }
}

/** From its input: as a file it is on the formatter's list of what to leave alone. */
async function format(types: string): Promise<string> {
  const args = ["--stdin-filepath=types.ts"];
  const { code, stdout, stderr } = await runTool("oxfmt", args, { input: types });
  if (code !== 0) throw new Error(`The types cannot be formatted:\n${stderr}`);
  return stdout;
}

const generated = await generate();
const present = await readFile(file, "utf8").catch(() => "");

if (generated === present) {
  console.log("The database's types are up to date.");
} else if (values.check) {
  console.error(
    `${relative(repository.root, file)} differs from the migrations. Run: npm run database:types`,
  );
  process.exitCode = 1;
} else {
  await writeFile(file, generated);
  console.log(`Wrote ${relative(repository.root, file)}.`);
}

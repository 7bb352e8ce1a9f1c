/** Builds the web app when there is no build, or one that is older than its sources. */

import { readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { exitOf, logOf, type PartContext, pidOf, spawnProcess } from "./part.ts";
import { repository } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";

const SOURCES = ["src", "public", "index.html", "vite.config.ts", "package.json"];

/** Returns the folder of a build that is up to date. */
export async function ensureWebBuild(context: PartContext): Promise<string> {
  const folder = join(repository.web, "dist");
  const builtAt = await modifiedAt(join(folder, "index.html"));
  const changedAt = await Promise.all(SOURCES.map((name) => newestIn(join(repository.web, name))));
  if (builtAt < Math.max(...changedAt)) await build(context, folder);
  return folder;
}

/** Built beside its place and then moved there, so that a stack that serves the old one meets no gap. */
async function build(context: PartContext, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const name = "web-build";
  const child = spawnProcess(context, {
    name,
    command: process.execPath,
    args: [viteBinary(), "build", "--outDir", draft, "--emptyOutDir", "--logLevel", "warn"],
    cwd: repository.web,
    environment: { NODE_ENV: "production" },
  });
  await context.onSpawn(name, pidOf(child, name));
  await exitOf(child);
  if (child.exitCode !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new PlatformError(
      `The web app could not be built. What went wrong is in ${logOf(context, name)}`,
    );
  }
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

function viteBinary(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("vite/package.json")), "bin", "vite.js");
}

async function newestIn(path: string): Promise<number> {
  const own = await modifiedAt(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const times = await Promise.all(
    entries.map((entry) => modifiedAt(join(entry.parentPath, entry.name))),
  );
  return Math.max(own, ...times);
}

/** Zero when it is not there. */
async function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/**
 * Installs the dependencies when they are missing or older than the lockfile, so that a fresh
 * clone needs one command. Plain JavaScript: it runs on the machine's own Node, before ours is there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lockfile = `${root}package-lock.json`;
/** npm writes this file at the end of every install. */
const installed = `${root}node_modules/.package-lock.json`;

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 20) {
  console.error(`MemoryRouter needs Node 20 or newer to begin with; this is ${process.version}.`);
  process.exit(1);
}

const isCurrent =
  existsSync(installed) &&
  (statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs || sameLocks());

/** A checkout gives the lockfile a new date without changing it. */
function sameLocks() {
  const versions = (path) => {
    const { packages } = JSON.parse(readFileSync(path, "utf8"));
    return Object.entries(packages).filter(([name]) => name.startsWith("node_modules/"));
  };
  const have = new Map(versions(installed).map(([name, entry]) => [name, entry.version]));
  return versions(lockfile).every(
    ([name, entry]) => entry.optional || entry.link || have.get(name) === entry.version,
  );
}

if (!isCurrent) {
  console.log("Installing dependencies (about a minute the first time) …");
  // `npm_execpath` is the npm that runs this script; it may live outside the PATH.
  const npm = process.env.npm_execpath;
  const [command, args] = npm
    ? [process.execPath, [npm, "ci", "--loglevel=error"]]
    : ["npm", ["ci", "--loglevel=error"]];
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(
      `Installing failed${error ? ` (${error.message})` : ""}. Check the network and run the command again.`,
    );
    process.exit(1);
  }
}

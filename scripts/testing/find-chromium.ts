/**
 * The browser for the end-to-end tests: one that is installed, else Debian's package, else Playwright's own build.
 */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const execute = promisify(execFile);

const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Flags for a browser that a test owns: no sandbox needed as root, and no talk with anybody but us. */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Resolves to the path of an executable Chromium. Throws an error that says what to install when there is none and
 * none can be fetched.
 */
export async function findChromium(): Promise<string> {
  const installed = await firstExecutable([
    process.env["CHROMIUM_PATH"],
    ...INSTALLED,
    playwrights(),
  ]);
  if (installed) return installed;

  console.log("No Chromium found; fetching one …");
  await installFromDebian().catch(installFromPlaywright).catch(ignored);

  const fetched = await firstExecutable([...INSTALLED, playwrights()]);
  if (fetched) return fetched;
  throw new Error(
    "The end-to-end tests need Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.",
  );
}

async function firstExecutable(paths: readonly (string | undefined)[]) {
  for (const path of paths) {
    const isThere = path && (await access(path, constants.X_OK).then(() => true, ignored));
    if (isThere) return path;
  }
  return undefined;
}

function playwrights() {
  return chromium.executablePath();
}

async function installFromDebian() {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await execute("apt-get", ["update", "-qq"], { env: environment });
  await execute("apt-get", ["install", "-y", "-qq", "chromium"], {
    env: environment,
    maxBuffer: 1 << 26,
  });
}

async function installFromPlaywright() {
  await execute("playwright-core", ["install", "chromium"], { maxBuffer: 1 << 26 });
}

/** The next possibility is tried; what could not be had is said at the end. */
function ignored() {
  return false;
}

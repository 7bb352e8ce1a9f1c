/**
 * Everything the product promises, in the order that fails soonest: format, lint and types; the database's own tests;
 * units and the worker; the local platform; the journeys in a browser. Closes with `N passed, N failed`.
 */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { type Tally, run, tally } from "./testing/run-steps.ts";
import { findChromium } from "./testing/find-chromium.ts";

const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

const scratch = await mkdtemp(join(tmpdir(), "memoryrouter-test-"));
const total = { passed: 0, failed: 0 };

const add = ({ passed, failed }: Tally) => {
  total.passed += passed;
  total.failed += failed;
};

async function vitest(project: string): Promise<Tally> {
  const outputFile = join(scratch, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${outputFile}`];
  const code = await run({
    name: project,
    command: "vitest",
    args: ["run", "--project", project, ...reporters],
    env: project === "e2e" ? { CHROMIUM_PATH: await findChromium() } : {},
  });
  const counted = await readFile(outputFile, "utf8").then(
    (text) => report.parse(JSON.parse(text)),
    () => ({ numPassedTests: 0, numFailedTests: 1 }),
  );
  // A file that cannot even be loaded fails the run without failing a test.
  const unexplained = code !== 0 && counted.numFailedTests === 0 ? 1 : 0;
  return { passed: counted.numPassedTests, failed: counted.numFailedTests + unexplained };
}

try {
  add(await tally({ name: "check", command: "node", args: ["scripts/check.ts"] }));
  add(await tally({ name: "database", command: "node", args: ["scripts/test-database.ts"] }));
  for (const project of ["unit", "platform", "e2e"]) add(await vitest(project));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * What a developer runs before every commit: format, lint, types of every part, dead code. Under a minute.
 */

import { runSteps } from "./testing/run-steps.ts";

const { passed, failed } = await runSteps([
  { name: "format", command: "oxfmt", args: ["--check"] },
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "types of the worker", command: "tsc", args: ["-p", "worker"] },
  {
    name: "types of the worker's tests",
    command: "tsc",
    args: ["-p", "worker/tsconfig.test.json"],
  },
  { name: "types of the web app", command: "tsc", args: ["-p", "web"] },
  { name: "types of the journeys", command: "tsc", args: ["-p", "web/e2e"] },
  { name: "types of the scripts", command: "tsc", args: ["-p", "scripts"] },
  { name: "types of the functions", command: "tsc", args: ["-p", "supabase/functions"] },
  { name: "unused code and dependencies", command: "knip", args: [] },
]);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * `npm run bench:recall -- FILE`: how much of what was said is found again when it is asked for.
 *
 * Everything goes through the product's own HTTP surface, so what is measured is what a customer
 * gets: postings, vectors, ranking, packing, and the time it takes. Progress is told on stderr;
 * stdout holds the table and, as its last line, the same as JSON.
 */

import { basename } from "node:path";
import process from "node:process";

import { Command, InvalidArgumentError } from "commander";

import { repository } from "../platform/paths.ts";
import { PlatformError } from "../platform/platform-error.ts";
import { loadEnvironmentFile } from "../platform/settings.ts";
import { readCases } from "./recall/cases.ts";
import { type Measurement, measure } from "./recall/measure.ts";
import { renderJson, renderTable, type Report } from "./recall/report.ts";
import { latencyOf, summarise } from "./recall/score.ts";
import { useStack } from "./recall/stack.ts";
import { openVault } from "./recall/vault.ts";

const tell = (line: string) => console.error(line);

const asked = new AbortController();
process.on("SIGINT", () => asked.abort());
process.on("SIGTERM", () => asked.abort());

try {
  await run(readCommandLine());
} catch (cause) {
  if (asked.signal.aborted) tell("\nStopped.");
  else if (cause instanceof PlatformError) tell(`\n${cause.message}`);
  else console.error(cause);
  process.exitCode = 1;
}
process.exit();

type BenchOptions = {
  readonly file: string;
  readonly dataDir: string;
  readonly limit: number;
};

async function run({ file, dataDir, limit }: BenchOptions): Promise<void> {
  const cases = (await readCases(file)).slice(0, limit);
  const { api, memoryKey, stop } = await useStack(dataDir, tell, asked.signal);
  try {
    const connection = { api, memoryKey, fetch: untilAsked };
    const measurement = await measure(cases, (name) => openVault(connection, name), tell);
    const report = reportOf(file, measurement);
    tell("");
    console.log(`${renderTable(report)}\n`);
    console.log(renderJson(report));
    for (const [status, searches] of measurement.degraded) {
      tell(`\n${searches} searches were answered as "${status}": the figures are too low.`);
    }
  } finally {
    await stop();
  }
}

/** Ends with the run, so that Ctrl-C is not kept waiting by an answer. */
function untilAsked(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  return fetch(input, { ...init, signal: asked.signal });
}

function reportOf(file: string, { questions, durationsMs }: Measurement): Report {
  const asked = Map.groupBy(questions, ({ kind }) => kind);
  return {
    ...summarise(questions),
    file: basename(file),
    questions: Object.fromEntries([...asked].map(([kind, all]) => [kind, all.length])),
    latency: latencyOf(durationsMs),
  };
}

function readCommandLine(): BenchOptions {
  const command = new Command("npm run bench:recall --")
    .description("Measures recall on conversations with questions whose evidence is known.")
    .argument("<file>", "conversations as JSON lines")
    .option(
      "--data-dir <dir>",
      "ask the stack that runs on this data folder; when none does, one is started for the run",
      `${repository.root}.memoryrouter`,
    )
    .option("--limit <n>", "only the first n conversations", readCount, Number.POSITIVE_INFINITY)
    .parse();
  loadEnvironmentFile();
  const [file = ""] = command.args;
  return { file, ...command.opts<{ dataDir: string; limit: number }>() };
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("It has to be a whole number above 0.");
}

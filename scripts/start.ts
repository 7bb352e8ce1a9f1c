/**
 * `npm start`: the whole product on this machine, until Ctrl-C.
 *
 * Reads the command line, shows progress, and ends everything when it is asked to or when whoever
 * started it is gone. What is started, and how, is `platform/start-stack.ts`.
 */

import process from "node:process";

import { Command, InvalidArgumentError } from "commander";

import { repository } from "./platform/paths.ts";
import { PlatformError } from "./platform/platform-error.ts";
import { liveProgress, plainProgress } from "./platform/progress.ts";
import { loadEnvironmentFile } from "./platform/settings.ts";
import type { StackOptions } from "./platform/plan-stack.ts";
import { type Stack, startStack } from "./platform/start-stack.ts";

const UPSTREAM_PROVIDERS = ["openai", "anthropic", "openrouter"];

/** How often to look whether the process that started this one still lives. */
const PARENT_INTERVAL_MS = 500;

const options = readCommandLine();
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("SIGINT", () => stop.abort());
process.on("SIGHUP", () => stop.abort());
// Whoever read the output may stop reading; the stack goes on.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
const parent = process.ppid;
setInterval(() => process.ppid === parent || stop.abort(), PARENT_INTERVAL_MS).unref();

try {
  const stack = await startStack({ ...options, signal: stop.signal });
  console.log(summary(stack));
  process.exitCode = await untilTheEnd(stack);
} catch (cause) {
  if (stop.signal.aborted) console.log("Stopped before everything had been started.");
  else process.exitCode = report(cause);
}
process.exit();

async function untilTheEnd(stack: Stack): Promise<number> {
  const asked = new Promise<null>((resolve) => {
    if (stop.signal.aborted) resolve(null);
    stop.signal.addEventListener("abort", () => resolve(null));
  });
  const crashed = await Promise.race([asked, stack.crashed]);
  console.log(
    crashed === null
      ? "\nFinishing what is under way …"
      : `\nThe ${crashed} ended unexpectedly; its log is ${options.dataDir}/logs/${crashed}.log. Stopping the rest.`,
  );
  await stack.stop();
  console.log("Stopped.");
  return crashed === null ? 0 : 1;
}

function report(cause: unknown): number {
  console.error(cause instanceof PlatformError ? `\n${cause.message}\n` : cause);
  return 1;
}

function readCommandLine(): StackOptions {
  const command = new Command("npm start --")
    .description("Starts MemoryRouter on this machine. Ctrl-C ends it; the data stays.")
    .option("--data-dir <dir>", "where the stack keeps its data", `${repository.root}.memoryrouter`)
    .option("--port-base <n>", "use the ports n to n+9 (n is the Supabase API)", readPort)
    .option("--upstream <provider=url>", "send a provider's requests elsewhere", readUpstream, {})
    .option("--embeddings <url>", "an OpenAI-compatible embedder, up to and including /v1", readUrl)
    .option("--no-web", "leave the web app out")
    .option("--dev", "hot reload for the web app, the worker and the functions")
    .parse();
  loadEnvironmentFile();
  const { dataDir, portBase, upstream, embeddings, web, dev } = command.opts<{
    dataDir: string;
    portBase?: number;
    upstream: Record<string, string>;
    embeddings?: string;
    web: boolean;
    dev?: true;
  }>();
  return {
    dataDir,
    upstreams: upstream,
    web: web ? (dev ? "development" : "built") : "none",
    progress: process.stdout.isTTY ? liveProgress() : plainProgress((line) => console.log(line)),
    ...(portBase !== undefined && { portBase }),
    ...(embeddings !== undefined && { embeddingsUrl: embeddings }),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_526) return port;
  throw new InvalidArgumentError("It has to be a number between 1024 and 65526.");
}

function readUpstream(text: string, known: Record<string, string>): Record<string, string> {
  const [, provider = "", url = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!UPSTREAM_PROVIDERS.includes(provider)) {
    throw new InvalidArgumentError(
      `It has to begin with one of ${UPSTREAM_PROVIDERS.join(", ")} and "=".`,
    );
  }
  return { ...known, [provider]: readUrl(url) };
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/$/, "");
  throw new InvalidArgumentError("It has to be an http or https URL.");
}

function summary({ api, web, mailbox, supabaseUrl, databaseUrl, demo }: Stack): string {
  const lines = [
    ["Web app", web],
    ["API", `${api}/v1`],
    ["Supabase", supabaseUrl],
    ["SQL", databaseUrl === null ? null : hidePassword(databaseUrl)],
    ["Mailbox", mailbox],
    [
      "Sign in as",
      `${demo.email} (password in ${options.dataDir}/stack.json, beside a memory key)`,
    ],
  ];
  const shown = lines.flatMap(([name, value]) => (value ? [`  ${name?.padEnd(11)} ${value}`] : []));
  return ["", "MemoryRouter is running. Ctrl-C ends it.", "", ...shown, ""].join("\n");
}

/** The built-in database's password protects nothing; an outside one's is not ours to print. */
function hidePassword(url: string): string {
  return url.replace(/(?<=:\/\/[^:@/]*:)[^@/]*(?=@)/, (password) =>
    password === "postgres" ? password : "…",
  );
}

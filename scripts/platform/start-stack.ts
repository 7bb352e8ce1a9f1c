/**
 * Starts everything MemoryRouter consists of, on this machine and its loopback address, and ends
 * it again without losing what was under way.
 *
 * `npm start`, the tests and the benchmarks all come through here.
 */

import { mkdir, rm } from "node:fs/promises";

import { confirmAnswers } from "./confirm-answers.ts";
import { type HeldLock, MARK, takeLock } from "./data-lock.ts";
import { DEMO_MODEL, ensureDemoAccount } from "./demo-account.ts";
import { startDemoModel } from "./demo-model.ts";
import { startEmbedder } from "./embedder.ts";
import { startFunctions } from "./functions.ts";
import { startMailbox } from "./mailbox.ts";
import type { PartContext } from "./part.ts";
import type { DataFolder } from "./paths.ts";
import { PARTS, type PartName, type Plan, planStack, type StackOptions } from "./plan-stack.ts";
import { checkPorts, loopbackUrl, type Ports } from "./ports.ts";
import { writePrivateJson } from "./private-file.ts";
import { partEnvironment } from "./settings.ts";
import type { StackFile } from "./stack-file.ts";
import { loadSecrets, type StackSecrets } from "./stack-secrets.ts";
import { startSupabase, type Supabase, useRunningSupabase } from "./supabase.ts";
import { startBuiltWeb, startDevelopmentWeb, type Web } from "./web.ts";
import type { WebAddresses } from "./web-config.ts";
import { startWorker, type Worker } from "./worker.ts";

export type Stack = StackFile & {
  /** Resolves with the name of a part that ended by itself; the stack is of no use from then on. */
  readonly crashed: Promise<string>;
  /** Finishes what is under way and ends every process. */
  readonly stop: () => Promise<void>;
};

export async function startStack(options: StackOptions): Promise<Stack> {
  const plan = planStack(options);
  const lock = await takeLock(plan.folder);
  try {
    await checkPorts(plan.ports, plan.neededPorts);
    await rm(plan.folder.logs, { recursive: true, force: true });
    await mkdir(plan.folder.logs, { recursive: true, mode: 0o700 });
    return await bringUp(plan, await loadSecrets(plan.folder), lock);
  } catch (cause) {
    await lock.release();
    throw cause;
  }
}

type Running = Map<PartName, { readonly stop: () => Promise<void> }>;

const DEMO_STEP = "Demo account";

async function bringUp(plan: Plan, secrets: StackSecrets, lock: HeldLock): Promise<Stack> {
  const { folder, progress } = plan;
  const running: Running = new Map();
  const crashed = Promise.withResolvers<string>();
  const starting = new AbortController();
  const giveUp = () => starting.abort();
  plan.signal?.addEventListener("abort", giveUp);
  const context: PartContext = {
    logs: folder.logs,
    environment: partEnvironment(MARK, lock.mark),
    onSpawn: lock.addPart,
    onCrash: crashed.resolve,
    signal: starting.signal,
  };
  progress.begin([...[...plan.parts].map((part) => PARTS[part]), DEMO_STEP]);
  try {
    const { supabase, worker, web, mailbox } = await launchParts(
      { plan, secrets, context },
      running,
    );
    const demo = await progress.step(DEMO_STEP, () => ensureDemoAccount(folder, supabase));
    const file: StackFile = {
      api: worker.url,
      supabaseUrl: supabase.url,
      publishableKey: supabase.publishableKey,
      secretKey: supabase.secretKey,
      databaseUrl: supabase.databaseUrl,
      functionsUrl: `${supabase.url}/functions/v1`,
      web: web?.url ?? null,
      mailbox: mailbox?.url ?? null,
      embeddings: plan.embedder.url,
      demo: { ...demo, model: DEMO_MODEL },
      pid: process.pid,
    };
    await confirmAnswers(addressesOf(file, plan), file.publishableKey);
    await warmUp(file);
    plan.signal?.throwIfAborted();
    await writePrivateJson(folder.stack, file);
    let stopping: Promise<void> | null = null;
    return {
      ...file,
      crashed: crashed.promise,
      stop: () => (stopping ??= bringDown(folder, running, lock)),
    };
  } catch (cause) {
    await stopParts(running);
    throw cause;
  } finally {
    // From here on the signal is its owner's affair: a running stack is stopped in its order.
    plan.signal?.removeEventListener("abort", giveUp);
    await progress.end();
  }
}

/** Those of our own; what runs elsewhere may be away for the moment. */
function addressesOf(file: StackFile, { parts, settings }: Plan): [string, string][] {
  const addresses: [string, string | null][] = [
    ["API worker", `${file.api}/health`],
    ["Supabase", settings.supabase ? null : `${file.supabaseUrl}/auth/v1/health`],
    ["Edge Functions", parts.has("functions") ? `${file.functionsUrl}/_health` : null],
    ["embedder", parts.has("embedder") ? `${file.embeddings}/models` : null],
    ["mailbox", file.mailbox],
    ["web app", file.web === null ? null : `${file.web}/config.json`],
  ];
  return addresses.flatMap(([name, url]) => (url === null ? [] : [[name, url]]));
}

/** A database in WASM takes its time over a query it has not seen; let nobody's first question be it. */
async function warmUp({ api, demo }: StackFile): Promise<void> {
  const response = await fetch(`${api}/v1/memory/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.memoryKey}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "what did we talk about" }),
  }).catch(() => null);
  await response?.body?.cancel();
}

async function bringDown(folder: DataFolder, running: Running, lock: HeldLock): Promise<void> {
  await rm(folder.stack, { force: true });
  await stopParts(running);
  await lock.release();
}

async function stopParts(running: Running): Promise<void> {
  const order = Object.keys(PARTS);
  const parts = [...running].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  for (const [, part] of parts) await part.stop();
}

type Launch = {
  readonly plan: Plan;
  readonly secrets: StackSecrets;
  readonly context: PartContext;
};

/**
 * All at once: each knows the others' addresses beforehand. When one cannot start, the others are
 * waited for before that is told, so that none is left behind.
 */
async function launchParts(launch: Launch, running: Running) {
  const { plan, context } = launch;
  const start = async <T extends { readonly stop: () => Promise<void> }>(
    part: PartName,
    work: () => Promise<T>,
  ): Promise<T> => {
    const started = await plan.progress.step(PARTS[part], work);
    running.set(part, started);
    return started;
  };
  const ifWanted = async <T extends { readonly stop: () => Promise<void> }>(
    part: PartName,
    work: () => Promise<T>,
  ): Promise<T | null> => (plan.parts.has(part) ? start(part, work) : null);

  const parts = [
    start("supabase", () => launchSupabase(launch)),
    start("worker", () => launchWorker(launch)),
    start("demoModel", () => startDemoModel(plan.ports.demoModel)),
    ifWanted("web", () => launchWeb(launch)),
    ifWanted("mailbox", () => launchMailbox(plan)),
    ifWanted("functions", () => launchFunctions(launch)),
    ifWanted("embedder", () => startEmbedder(context, plan.ports.embedder)),
  ] as const;
  await Promise.allSettled(parts);
  const [supabase, worker, , web, mailbox] = await Promise.all(parts);
  return { supabase, worker, web, mailbox };
}

async function launchSupabase({ plan, secrets, context }: Launch): Promise<Supabase> {
  const { folder, ports, settings } = plan;
  if (settings.supabase) return useRunningSupabase(settings.supabase, settings.databaseUrl);
  return startSupabase(context, { folder, ports, secrets, settings, siteUrl: plan.webUrl });
}

async function launchWorker({ plan, secrets, context }: Launch): Promise<Worker> {
  const { folder, ports, settings, supabaseUrl } = plan;
  return startWorker(context, {
    folder,
    ports,
    secrets,
    supabase: {
      url: (await plan.workerSupabaseUrl?.(supabaseUrl)) ?? supabaseUrl,
      secretKey: settings.supabase?.secretKey ?? secrets.secretKey,
    },
    embedder: plan.embedder,
    demoOrigin: loopbackUrl(ports.demoModel),
    upstreams: plan.upstreams,
    webOrigins: webOrigins(ports),
    watch: plan.web === "development",
    vars: plan.workerVars ?? {},
  });
}

async function launchWeb({ plan, secrets, context }: Launch): Promise<Web> {
  const { ports, settings, supabaseUrl } = plan;
  const addresses: WebAddresses = {
    supabaseUrl,
    publishableKey: settings.supabase?.publishableKey ?? secrets.publishableKey,
    apiUrl: loopbackUrl(ports.worker),
    functionsUrl: `${supabaseUrl}/functions/v1`,
    demoModel: DEMO_MODEL,
    ...(plan.parts.has("mailbox") && { mailboxUrl: loopbackUrl(ports.mailbox) }),
  };
  const start = plan.web === "development" ? startDevelopmentWeb : startBuiltWeb;
  return start(context, { port: ports.web, addresses });
}

const launchMailbox = ({ ports }: Plan) =>
  startMailbox({ port: ports.mailbox, smtpPort: ports.smtp });

async function launchFunctions({ plan, secrets, context }: Launch) {
  const { ports, supabaseUrl } = plan;
  return startFunctions(context, {
    port: ports.functions,
    watch: plan.web === "development",
    environment: {
      SUPABASE_URL: supabaseUrl,
      SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
      SUPABASE_SECRET_KEY: secrets.secretKey,
      APP_ORIGIN: webOrigins(ports).join(","),
      PROVIDER_ORIGINS: JSON.stringify(plan.upstreams),
    },
  });
}

/** A browser may know this machine by either name. */
const webOrigins = (ports: Ports) => [loopbackUrl(ports.web), `http://localhost:${ports.web}`];

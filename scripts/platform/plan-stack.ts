/** What a stack will consist of and where each part will answer, known before anything is started. */

import { resolve } from "node:path";

import { type EmbedderAccess, localEmbedder, outsideEmbedder } from "./embedder.ts";
import { type DataFolder, dataFolder } from "./paths.ts";
import { loopbackUrl, planPorts, type PortName, type Ports } from "./ports.ts";
import { type Progress, silentProgress } from "./progress.ts";
import { readSettings, type Settings } from "./settings.ts";
import type { Upstreams } from "./worker.ts";

export type StackOptions = {
  readonly dataDir: string;
  /** Ports from here to nine further; without it the usual ones. */
  readonly portBase?: number;
  readonly upstreams?: Upstreams;
  /** An embedder that speaks OpenAI's API, instead of our own; up to and including `/v1`. */
  readonly embeddingsUrl?: string;
  readonly web?: "built" | "development" | "none";
  readonly settings?: Settings;
  /** Puts something between the worker and Supabase: gets the real URL, gives the one to use. */
  readonly workerSupabaseUrl?: (url: string) => Promise<string>;
  /** Settings of the worker that are to differ, as `RECALL_DEADLINE_MS`. */
  readonly workerVars?: Readonly<Record<string, string>>;
  readonly progress?: Progress;
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal;
};

/** The parts in the order in which they are stopped: whoever is asked ends after those who ask. */
export const PARTS = {
  web: "Web app",
  worker: "API worker",
  functions: "Edge Functions",
  demoModel: "Demo model",
  embedder: "Embedder",
  supabase: "Database, REST and Auth",
  mailbox: "Mailbox",
} as const;

export type PartName = keyof typeof PARTS;
export type Plan = Omit<StackOptions, "web" | "upstreams" | "settings" | "progress"> & {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly ports: Ports;
  readonly parts: ReadonlySet<PartName>;
  readonly neededPorts: readonly PortName[];
  readonly supabaseUrl: string;
  readonly webUrl: string;
  readonly web: NonNullable<StackOptions["web"]>;
  readonly upstreams: Upstreams;
  readonly embedder: EmbedderAccess;
  readonly progress: Progress;
};

export function planStack(options: StackOptions): Plan {
  const settings = options.settings ?? readSettings();
  const web = options.web ?? "built";
  const ports = planPorts(options.portBase);
  const embeddingsUrl = options.embeddingsUrl ?? settings.embeddings.url;

  const parts = new Set<PartName>(["supabase", "worker", "demoModel"]);
  const neededPorts: PortName[] = ["worker", "demoModel"];
  // A Supabase that runs elsewhere sends its mails, and runs its functions, elsewhere.
  if (settings.supabase === null) {
    parts.add("mailbox").add("functions");
    neededPorts.push("supabase", "mailbox", "smtp", "functions");
    if (settings.databaseUrl === null) neededPorts.push("sql");
  }
  if (embeddingsUrl === null) {
    parts.add("embedder");
    neededPorts.push("embedder");
  }
  if (web !== "none") {
    parts.add("web");
    neededPorts.push("web");
  }

  return {
    ...options,
    settings,
    folder: dataFolder(resolve(options.dataDir)),
    ports,
    parts,
    neededPorts,
    supabaseUrl: settings.supabase?.url ?? loopbackUrl(ports.supabase),
    webUrl: loopbackUrl(ports.web),
    web,
    upstreams: options.upstreams ?? {},
    embedder:
      embeddingsUrl === null
        ? localEmbedder(ports.embedder)
        : outsideEmbedder(embeddingsUrl, settings.embeddings),
    progress: options.progress ?? silentProgress,
  };
}

/** The API worker: started with what binds it to this stack, woken every minute, drained before it ends. */

import { fileURLToPath } from "node:url";

import { z } from "zod";

import type { EmbedderAccess } from "./embedder.ts";
import { type PartContext, startPart } from "./part.ts";
import { type DataFolder, repository } from "./paths.ts";
import { loopbackUrl, type Ports } from "./ports.ts";
import type { StackSecrets } from "./stack-secrets.ts";

export type Worker = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** A provider's origin, replaced: `openai` → `http://127.0.0.1:9000/v1`. */
export type Upstreams = Readonly<Record<string, string>>;

/** A database in WASM and an embedder on the same cores are slower than the ones in production. */
const DEADLINES = { EMBED_DEADLINE_MS: "1000", RECALL_DEADLINE_MS: "1500" };

const CRON_INTERVAL_MS = 60_000;
/** The worker itself gives up after 30 s. */
const DRAIN_LIMIT_MS = 35_000;

export async function startWorker(
  context: PartContext,
  options: {
    readonly folder: DataFolder;
    readonly ports: Ports;
    readonly secrets: StackSecrets;
    readonly supabase: { readonly url: string; readonly secretKey: string };
    readonly embedder: EmbedderAccess;
    readonly demoOrigin: string;
    readonly upstreams: Upstreams;
    readonly webOrigins: readonly string[];
    readonly watch: boolean;
    /** Settings of the worker that a test sets differently. */
    readonly vars: Readonly<Record<string, string>>;
  },
): Promise<Worker> {
  const { folder, ports, secrets, supabase, embedder } = options;
  const part = await startPart(context, {
    name: "worker",
    file: fileURLToPath(new URL("worker-host.ts", import.meta.url)),
    input: {
      config: repository.workerConfig,
      port: ports.worker,
      persist: folder.worker,
      watch: options.watch,
      vars: {
        ENVIRONMENT: "local",
        SUPABASE_URL: supabase.url,
        EMBEDDINGS_URL: embedder.url,
        EMBEDDINGS_MODEL: embedder.model,
        DASHBOARD_ORIGINS: options.webOrigins.join(","),
        DEMO_ORIGIN: options.demoOrigin,
        UPSTREAMS: JSON.stringify(options.upstreams),
        ...DEADLINES,
        ...options.vars,
      },
      secrets: {
        SUPABASE_SECRET_KEY: supabase.secretKey,
        EMBEDDINGS_API_KEY: embedder.apiKey,
        SEALING_KEYS: JSON.stringify({ current: "local", keys: { local: secrets.sealingKey } }),
        LOCAL_SECRET: secrets.localSecret,
      },
    },
    ready: z.object({}),
    // What wrangler would keep in the home folder, for all stacks together.
    environment: { WRANGLER_LOG_PATH: folder.logs, WRANGLER_REGISTRY_PATH: folder.worker },
  });

  const url = loopbackUrl(ports.worker);
  // Locally no cron ever fires by itself.
  const cron = setInterval(() => void wake(url), CRON_INTERVAL_MS);
  return {
    url,
    stop: async () => {
      clearInterval(cron);
      await drain(url, secrets.localSecret);
      await part.stop();
    },
  };
}

async function wake(url: string): Promise<void> {
  const response = await fetch(`${url}/cdn-cgi/handler/scheduled`).catch(() => null);
  await response?.body?.cancel();
}

/** What is under way lives in memory alone, the queue too: it must reach the database first. */
async function drain(url: string, secret: string): Promise<void> {
  const response = await fetch(`${url}/local/drain`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(DRAIN_LIMIT_MS),
  }).catch(() => null);
  const answer = z
    .object({ drained: z.boolean() })
    .safeParse(await response?.json().catch(() => null));
  if (answer.data?.drained !== true) {
    console.error("The worker could not finish what it was doing; turns may be missing.");
  }
}

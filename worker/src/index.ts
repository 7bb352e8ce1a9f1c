/** The worker's entry: requests, the queue and the clock, each handed to the same services. */

import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { createServices } from "./create-services.ts";
import { createDatabaseClient } from "./database/client.ts";
import { createDatabase } from "./database/database.ts";
import { logError } from "./log.ts";
import { createEmbedder } from "./recall/embedder.ts";
import type { Services } from "./services.ts";

/** Once an isolate: what services remember for a while, leases above all, outlives a request. */
let services: Services | undefined;

function servicesOf(env: Env): Services {
  services ??= wireServices(env);
  return services;
}

function wireServices(env: Env): Services {
  const config = readConfig(env);
  const boundFetch: typeof fetch = (input, init) => fetch(input, init);
  return createServices(config, {
    fetch: boundFetch,
    database: createDatabase(createDatabaseClient({ ...config.supabase, fetch: boundFetch })),
    embed: createEmbedder({ ...config.embeddings, fetch: boundFetch }),
    leases: env.LEASES,
    turns: env.TURNS,
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
}

const app = createApp(servicesOf);

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),

  queue: (batch, env) => servicesOf(env).consume(batch.messages),

  scheduled: async (_event, env) => {
    const { sweepTurns, embedPending } = servicesOf(env);
    // Independent of each other: what fails is tried again by the next minute's sweep.
    const jobs = { sweep_turns: sweepTurns(), sweep_vectors: embedPending.everywhere() };
    await Promise.all(
      Object.entries(jobs).map(([name, job]) =>
        job.catch((cause: unknown) => logError(`${name}_failed`, cause)),
      ),
    );
  },
} satisfies ExportedHandler<Env>;

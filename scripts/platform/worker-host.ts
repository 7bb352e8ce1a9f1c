/** The process that runs the API worker in workerd, bundled and bound as `wrangler dev` would. */

import { unstable_startWorker as startWorker } from "wrangler";
import { z } from "zod";

import { hostPart } from "./part-host.ts";
import { LOOPBACK } from "./ports.ts";

export const workerInput = z.object({
  config: z.string(),
  port: z.number(),
  /** Where KV survives a restart. The queue does not: it is drained instead. */
  persist: z.string(),
  watch: z.boolean(),
  vars: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.string()),
});

hostPart(workerInput, async ({ config, port, persist, watch, vars, secrets }) => {
  const worker = await startWorker({
    config,
    // None of the files that wrangler would look for by itself: two stacks share the folder.
    envFiles: [],
    bindings: {
      ...bindingsOf("plain_text", vars),
      ...bindingsOf("secret_text", secrets),
    },
    dev: {
      server: { hostname: LOOPBACK, port, secure: false },
      inspector: false,
      watch,
      persist,
      remote: false,
      logLevel: "log",
    },
  });
  await worker.ready;
  return { ready: {}, stop: () => worker.dispose() };
});

function bindingsOf<Type extends string>(type: Type, values: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type, value }]));
}

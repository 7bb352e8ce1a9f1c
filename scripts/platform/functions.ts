/** The Edge Functions: one Deno process for all of them, started again when it ends by itself. */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import {
  endGroup,
  exitOf,
  killGroup,
  logOf,
  type PartContext,
  pidOf,
  spawnProcess,
} from "./part.ts";
import { repository } from "./paths.ts";
import { PlatformError } from "./platform-error.ts";
import { LOOPBACK, loopbackUrl } from "./ports.ts";

export type Functions = {
  /** Where the process answers; from outside they are reached through the Supabase URL. */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

const READY_LIMIT_MS = 20_000;
const RESTART_PAUSE_MS = 1000;

export async function startFunctions(
  context: PartContext,
  options: {
    readonly port: number;
    readonly watch: boolean;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<Functions> {
  const name = "functions";
  const url = loopbackUrl(options.port);
  const state = { isStopping: false };

  const start = async () => {
    const child = spawnProcess(context, {
      name,
      command: denoBinary(),
      args: denoArguments(options.port, options.watch),
      cwd: repository.root,
      environment: { ...options.environment, FUNCTIONS_FOLDER: repository.functions },
    });
    const pid = pidOf(child, name);
    await context.onSpawn(name, pid);
    return { child, pid, exited: exitOf(child) };
  };

  let running = await start();
  const keepAlive = async () => {
    while (!state.isStopping) {
      await running.exited;
      killGroup(running.pid);
      if (state.isStopping) return;
      await delay(RESTART_PAUSE_MS);
      if (!state.isStopping) running = await start();
    }
  };

  const isReady = await answers(url, running.exited);
  if (!isReady) {
    state.isStopping = true;
    await endGroup(running.pid, running.exited, 0);
    throw new PlatformError(
      `The Edge Functions did not start. Their log is ${logOf(context, name)}`,
    );
  }
  const kept = keepAlive();

  return {
    url,
    stop: async () => {
      state.isStopping = true;
      // It ends with its standard input. While it watches files it would only start again.
      running.child.stdin?.end();
      if (options.watch) running.child.kill("SIGINT");
      await endGroup(running.pid, running.exited, 5000);
      await kept;
    },
  };
}

/** The binary itself: npm's wrapper around it would leave it behind when it is ended. */
function denoBinary(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("deno/package.json")), "deno");
}

function denoArguments(port: number, watch: boolean): string[] {
  return [
    "serve",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--no-remote",
    "--node-modules-dir=manual",
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
    ...(watch ? [`--watch=${repository.functions}`] : []),
    `--host=${LOOPBACK}`,
    `--port=${port}`,
    fileURLToPath(new URL("functions-host.ts", import.meta.url)),
  ];
}

async function answers(url: string, exited: Promise<void>): Promise<boolean> {
  const state = { hasExited: false };
  void exited.then(() => {
    state.hasExited = true;
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!state.hasExited && Date.now() < deadline) {
    const response = await fetch(`${url}/_health`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok === true) return true;
    await delay(50);
  }
  return false;
}

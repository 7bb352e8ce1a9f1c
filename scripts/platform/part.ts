/**
 * A part of the stack that runs in a process of its own: started by path, in a process group of
 * its own, so that ending it ends what it started and nothing else.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { PlatformError } from "./platform-error.ts";

export type Part<Ready> = {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Asks it to end, and ends it when it does not. */
  readonly stop: () => Promise<void>;
};

/** What starting any part needs to know about the stack it belongs to. */
export type PartContext = {
  readonly logs: string;
  /** Environment of every part: telemetry off, and the mark by which a later start recognises ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told of every process before it does anything, so that a crash leaves a trace of it. */
  readonly onSpawn: (name: string, pid: number) => Promise<void>;
  /** Told when a part ends without being asked to. */
  readonly onCrash: (name: string) => void;
  /** Gives up what is still starting. */
  readonly signal: AbortSignal;
};

const GRACE_MS = 15_000;

const answer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), ready: z.unknown() }),
  z.object({ type: z.literal("failed"), message: z.string(), isPlain: z.boolean() }),
]);

/** Starts a file that calls `hostPart`, and resolves once it is ready. */
export async function startPart<Schema extends z.ZodType>(
  context: PartContext,
  options: {
    readonly name: string;
    readonly file: string;
    readonly input: unknown;
    readonly ready: Schema;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<Part<z.output<Schema>>> {
  const { name, file, input, environment = {} } = options;
  const child = spawnProcess(context, {
    name,
    command: process.execPath,
    args: [file],
    ipc: true,
    environment,
  });
  const pid = pidOf(child, name);
  await context.onSpawn(name, pid);

  const exited = exitOf(child);
  const answered = new Promise<z.output<typeof answer>>((resolve) =>
    child.once("message", (message) => resolve(answer.parse(message))),
  );
  child.send({ type: "start", input });

  const first = await Promise.race([answered, exited.then(() => null)]);
  if (first?.type !== "ready") {
    await endGroup(pid, exited, 0);
    throw new PlatformError(
      first?.isPlain === true
        ? first.message
        : `${name} did not start${first ? ` (${first.message})` : ""}. Its log is ${logOf(context, name)}`,
    );
  }

  const stopping = watch(context, name, pid, exited);
  return {
    name,
    pid,
    ready: options.ready.parse(first.ready),
    stop: () => {
      stopping.isAsked = true;
      if (child.connected) child.send({ type: "stop" });
      return endGroup(pid, exited, GRACE_MS);
    },
  };
}

export function spawnProcess(
  context: PartContext,
  options: {
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly ipc?: boolean;
    readonly cwd?: string;
    readonly environment?: Readonly<Record<string, string>>;
  },
): ChildProcess {
  const child = spawn(options.command, options.args, {
    detached: true,
    // An open standard input is how a process without a channel learns that its parent is gone.
    stdio: ["pipe", "pipe", "pipe", ...(options.ipc === true ? (["ipc"] as const) : [])],
    env: { ...context.environment, ...options.environment },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  const log = createWriteStream(logOf(context, options.name), { flags: "a", mode: 0o600 });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  context.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  // A pipe to a process that is gone is how every stop ends.
  child.stdin?.on("error", () => {});
  return child;
}

export const logOf = (context: PartContext, name: string): string =>
  join(context.logs, `${name}.log`);

export function pidOf(child: ChildProcess, name: string): number {
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  return child.pid;
}

export const exitOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });

/** Waits for a process to end by itself, then ends its whole group: what it started may outlive it. */
export async function endGroup(pid: number, exited: Promise<void>, graceMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    exited,
    delay(graceMs, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
  killGroup(pid);
  await exited;
}

export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

function watch(context: PartContext, name: string, pid: number, exited: Promise<void>) {
  const state = { isAsked: false };
  void exited.then(() => {
    if (state.isAsked) return;
    killGroup(pid);
    context.onCrash(name);
  });
  return state;
}

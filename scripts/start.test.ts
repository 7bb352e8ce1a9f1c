import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { MARK } from "./platform/data-lock.ts";
import { freePortBase } from "./platform/free-port-base.ts";
import { readStack } from "./platform/stack-file.ts";

const startFile = fileURLToPath(new URL("start.ts", import.meta.url));

type Run = {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  /** Resolves when the stack is up, or the program has ended. */
  readonly settled: Promise<void>;
};

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [startFile, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const isUp = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("MemoryRouter is running")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
  });
  const exited = once(child, "close").then(() => child.exitCode);
  const settled = Promise.race([isUp, exited.then(() => {})]);
  return { process: child, output: () => output, exited, settled };
}

/** The processes that carry a stack's mark. */
async function partsOf(mark: string): Promise<string[]> {
  const processes = await readdir("/proc");
  const environments = await Promise.all(
    processes.map(async (id) => ({
      id,
      text: await readFile(`/proc/${id}/environ`, "latin1").catch(() => ""),
    })),
  );
  return environments.filter(({ text }) => text.includes(`${MARK}=${mark}`)).map(({ id }) => id);
}

describe("npm start", () => {
  let dataDir = "";
  let args: string[] = [];
  let stack: Run;

  const markOf = async () => {
    const lock = await readFile(join(dataDir, "lock.json"), "utf8");
    return /"mark": "([^"]+)"/.exec(lock)?.[1] ?? "";
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "memoryrouter-start-"));
    args = ["--data-dir", dataDir, "--port-base", String(await freePortBase()), "--no-web"];
    stack = run(...args);
    await stack.settled;
  });
  afterAll(async () => {
    stack.process.kill("SIGTERM");
    await stack.exited;
    await rm(dataDir, { recursive: true });
  });

  it("shows each step and ends with where everything is, but no secret", async () => {
    const { api, secretKey, demo } = await readStack(dataDir);
    for (const line of ["Embedder, ", "API worker, ", "Demo account, ", `${api}/v1`, demo.email]) {
      expect(stack.output()).toContain(line);
    }
    for (const secret of [secretKey, demo.password, demo.memoryKey]) {
      expect(stack.output()).not.toContain(secret);
    }
  });

  it("says that a stack is already running, and exits with 1", async () => {
    const second = run(...args);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain("A stack is already running");
    expect(second.output()).not.toContain("    at ");
  });

  it("names the port that is taken and who wanted it, and exits with 1", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "memoryrouter-start-"));
    const second = run("--data-dir", elsewhere, ...args.slice(2));
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/Port \d+, which .+ needs, is taken/);
    await rm(elsewhere, { recursive: true });
  });

  it.each([
    [["--upstream", "nobody=http://127.0.0.1:1/v1"], "openai, anthropic, openrouter"],
    [["--upstream", "openai=here"], "http or https URL"],
    [["--port-base", "80"], "between 1024 and"],
  ])("explains what is wrong with %j", async (wrong, explanation) => {
    const second = run(...wrong);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(explanation);
  });

  it("recovers after it was killed outright, with every process of it gone", async () => {
    const mark = await markOf();
    expect((await partsOf(mark)).length).toBeGreaterThan(4);
    stack.process.kill("SIGKILL");
    await stack.exited;

    stack = run(...args);
    await stack.settled;
    expect(stack.output()).toContain("MemoryRouter is running");
    expect(await partsOf(mark)).toEqual([]);
  });

  it("ends everything on SIGTERM and leaves nothing but its data", async () => {
    const mark = await markOf();
    stack.process.kill("SIGTERM");
    expect(await stack.exited).toBe(0);
    expect(await partsOf(mark)).toEqual([]);
    const left = await readdir(dataDir);
    expect(left).toContain("database");
    expect(left).not.toContain("stack.json");
    expect(left).not.toContain("lock.json");
  });
});

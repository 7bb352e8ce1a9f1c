/** Which part of the stack listens where, and whether it can. Everything is on the loopback address. */

import { createServer } from "node:net";

import { PlatformError } from "./platform-error.ts";

export const LOOPBACK = "127.0.0.1";

/** Per part: its place behind `--port-base`, its port without one, and what to call it. */
const PARTS = {
  supabase: { offset: 0, usual: 54_321, name: "the Supabase API" },
  sql: { offset: 1, usual: 54_322, name: "the SQL port" },
  mailbox: { offset: 2, usual: 54_324, name: "the mailbox" },
  smtp: { offset: 3, usual: 54_325, name: "the mail server" },
  worker: { offset: 4, usual: 8787, name: "the API worker" },
  web: { offset: 5, usual: 5173, name: "the web app" },
  embedder: { offset: 6, usual: 54_326, name: "the embedder" },
  demoModel: { offset: 7, usual: 54_327, name: "the demo model" },
  functions: { offset: 8, usual: 54_328, name: "the Edge Functions" },
} as const;

export type PortName = keyof typeof PARTS;

export const PORT_NAMES: readonly PortName[] = [
  "supabase",
  "sql",
  "mailbox",
  "smtp",
  "worker",
  "web",
  "embedder",
  "demoModel",
  "functions",
];

export type Ports = Readonly<Record<PortName, number>>;

export function planPorts(base?: number): Ports {
  const at = (part: PortName) =>
    base === undefined ? PARTS[part].usual : base + PARTS[part].offset;
  return {
    supabase: at("supabase"),
    sql: at("sql"),
    mailbox: at("mailbox"),
    smtp: at("smtp"),
    worker: at("worker"),
    web: at("web"),
    embedder: at("embedder"),
    demoModel: at("demoModel"),
    functions: at("functions"),
  };
}

export const loopbackUrl = (port: number) => `http://${LOOPBACK}:${port}`;

/** Throws a sentence for the first port that is taken, before anything has been started. */
export async function checkPorts(ports: Ports, needed: readonly PortName[]): Promise<void> {
  for (const part of needed) {
    const problem = await tryPort(ports[part]);
    if (problem === null) continue;
    const name = `Port ${ports[part]}, which ${PARTS[part].name} needs,`;
    throw new PlatformError(
      problem === "EADDRINUSE"
        ? `${name} is taken by another program. End that program (\`lsof -i :${ports[part]}\` names it), or choose other ports: npm start -- --port-base 56000`
        : `${name} cannot be opened (${problem}). Choose other ports: npm start -- --port-base 56000`,
    );
  }
}

/** The reason why a port cannot be listened on, or null. */
function tryPort(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () =>
      server.close(() => resolve(null)),
    );
  });
}

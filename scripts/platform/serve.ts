/** Serves an app on the loopback address, from when that is so until it is closed. */

import { serve } from "@hono/node-server";

import { PlatformError } from "./platform-error.ts";
import { LOOPBACK, loopbackUrl } from "./ports.ts";

export type Served = {
  readonly url: string;
  /** Lets requests that are under way finish. */
  readonly close: () => Promise<void>;
};

type Handler = Parameters<typeof serve>[0]["fetch"];

const CLOSE_LIMIT_MS = 3000;

export function serveOnLoopback(fetch: Handler, port: number): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: LOOPBACK, port }, () =>
      resolve({ url: loopbackUrl(port), close: () => close(server) }),
    );
    server.once("error", (cause: Error) =>
      reject(new PlatformError(`Port ${port} cannot be listened on: ${cause.message}`, { cause })),
    );
  });
}

async function close(server: ReturnType<typeof serve>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => closeConnections(server), CLOSE_LIMIT_MS);
  await closed;
  clearTimeout(timer);
}

function closeConnections(server: ReturnType<typeof serve>): void {
  if ("closeAllConnections" in server) server.closeAllConnections();
}

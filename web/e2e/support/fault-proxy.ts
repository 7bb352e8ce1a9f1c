/** Stands between the worker and the database's API, and can take the database away and give it back. */

import { createServer, request as forward } from "node:http";

export type FaultProxy = {
  readonly url: string;
  /** While away every connection is dropped without an answer. */
  isAway: boolean;
  /** The paths that were asked for while away, in order. */
  readonly refused: string[];
  readonly stop: () => Promise<void>;
};

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const refused: string[] = [];

  const server = createServer((incoming, outgoing) => {
    const { method, url = "/", headers } = incoming;
    if (proxy.isAway) {
      refused.push(url);
      incoming.socket.destroy();
      return;
    }
    const upstream = forward(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.once("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");

  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    isAway: false,
    refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** A real HTTP server that does what a test says, for parts that run in a process of their own. */

import { type IncomingMessage, type ServerResponse, createServer } from "node:http";

export type Handler = (
  request: {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  },
  response: ServerResponse,
) => void | Promise<void>;

export type ScriptedServer = {
  readonly url: string;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export async function scriptedServer(handler: Handler): Promise<ScriptedServer> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString("utf8");
      void handler({ path: request.url ?? "", headers: request.headers, body }, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Something that happens once, and can be waited for. */
export function signal<T = void>() {
  return Promise.withResolvers<T>();
}

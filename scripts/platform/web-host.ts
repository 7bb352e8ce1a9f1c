/**
 * The web app with hot reload. A process of its own: Vite ends the one it runs in on SIGTERM, and
 * ours has to drain the worker first.
 */

import { createServer, type Plugin } from "vite";
import { z } from "zod";

import { hostPart } from "./part-host.ts";
import { repository } from "./paths.ts";
import { LOOPBACK } from "./ports.ts";
import { readWebConfig, webAddresses, type WebAddresses } from "./web-config.ts";

const input = z.object({ port: z.number(), addresses: webAddresses });

hostPart(input, async ({ port, addresses }) => {
  const server = await createServer({
    root: repository.web,
    clearScreen: false,
    logLevel: "warn",
    server: { host: LOOPBACK, port, strictPort: true },
    plugins: [configuration(addresses)],
  });
  await server.listen();
  return { ready: {}, stop: () => server.close() };
});

const configuration = (addresses: WebAddresses): Plugin => ({
  name: "memoryrouter-config",
  configureServer: (server) => {
    server.middlewares.use("/config.json", (_request, response, next) => {
      readWebConfig(addresses).then((config) => {
        response.setHeader("content-type", "application/json");
        response.setHeader("cache-control", "no-cache");
        response.end(JSON.stringify(config));
      }, next);
    });
  },
});

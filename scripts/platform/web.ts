/** The web app: as it will be in production, headers included, or with hot reload. */

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

import { Hono } from "hono";
import { getMimeType } from "hono/utils/mime";
import { createServer, type Plugin } from "vite";

import type { PartContext } from "./part.ts";
import { repository } from "./paths.ts";
import { LOOPBACK, loopbackUrl } from "./ports.ts";
import { serveOnLoopback } from "./serve.ts";
import { type HeaderRule, headersFor, readHeaderRules } from "./static-headers.ts";
import { ensureWebBuild } from "./web-build.ts";

export type Web = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** What the app asks `/config.json` for before it starts: one build serves every environment. */
export type WebConfig = {
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly apiUrl: string;
  readonly functionsUrl: string;
  readonly providers: { readonly google: boolean; readonly github: boolean };
  readonly demoModel: string;
  readonly mailboxUrl?: string;
};

/** The app may be asked before the rest of the stack is there, so the configuration is a promise. */
export type ReadConfig = () => Promise<WebConfig>;

export async function startBuiltWeb(
  context: PartContext,
  options: {
    readonly port: number;
    readonly readConfig: ReadConfig;
    readonly supabaseUrl: string;
    readonly apiUrl: string;
  },
): Promise<Web> {
  const folder = await ensureWebBuild(context);
  const rules = readHeaderRules(await readFile(join(folder, "_headers"), "utf8").catch(() => ""), {
    SUPABASE_URL: options.supabaseUrl,
    API_URL: options.apiUrl,
  });
  const app = createStaticApp(folder, rules, options.readConfig);
  const served = await serveOnLoopback(app.fetch, options.port);
  return { url: served.url, stop: served.close };
}

export function createStaticApp(
  folder: string,
  rules: readonly HeaderRule[],
  readConfig: ReadConfig,
): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headersFor(rules, c.req.path)) c.header(name, value);
    if (!c.res.headers.has("cache-control"))
      c.header("cache-control", "public, max-age=0, must-revalidate");
  });

  app.get("/config.json", async (c) => c.json(await readConfig()));

  app.get("*", async (c) => {
    const path = decodePath(c.req.path);
    if (path === null || path === "/_headers") return c.notFound();
    const file = await readFile(join(folder, path)).catch(() => null);
    if (file) return c.body(new Uint8Array(file), 200, { "content-type": mimeOf(path) });
    // A page of the app has no file; a script that is gone must not become a page.
    if (extname(path) !== "") return c.notFound();
    const page = await readFile(join(folder, "index.html"));
    return c.body(new Uint8Array(page), 200, { "content-type": mimeOf("index.html") });
  });

  return app;
}

/** Null for what is not a path. What would lead out of the folder is cut back to its root. */
function decodePath(path: string): string | null {
  try {
    const decoded = normalize(decodeURIComponent(path));
    return decoded.includes("\0") ? null : decoded;
  } catch {
    return null;
  }
}

const mimeOf = (path: string) => getMimeType(path) ?? "application/octet-stream";

export async function startDevelopmentWeb(options: {
  readonly port: number;
  readonly readConfig: ReadConfig;
}): Promise<Web> {
  const server = await createServer({
    root: repository.web,
    clearScreen: false,
    logLevel: "warn",
    server: { host: LOOPBACK, port: options.port, strictPort: true },
    plugins: [configuration(options.readConfig)],
  });
  await server.listen();
  return { url: loopbackUrl(options.port), stop: () => server.close() };
}

const configuration = (readConfig: ReadConfig): Plugin => ({
  name: "memoryrouter-config",
  configureServer: (server) => {
    server.middlewares.use("/config.json", (_request, response) => {
      void readConfig().then((config) => {
        response.setHeader("content-type", "application/json");
        response.setHeader("cache-control", "no-cache");
        response.end(JSON.stringify(config));
      });
    });
  },
});

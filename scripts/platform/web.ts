/** The web app: as it will be in production, headers included, or with hot reload. */

import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { Hono } from "hono";
import { getMimeType } from "hono/utils/mime";
import { z } from "zod";

import { type PartContext, startPart } from "./part.ts";
import { loopbackUrl } from "./ports.ts";
import { serveOnLoopback } from "./serve.ts";
import { type HeaderRule, headersFor, readHeaderRules } from "./static-headers.ts";
import { ensureWebBuild } from "./web-build.ts";
import { readWebConfig, type WebAddresses, type WebConfig } from "./web-config.ts";

export type Web = {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

export async function startBuiltWeb(
  context: PartContext,
  options: { readonly port: number; readonly addresses: WebAddresses },
): Promise<Web> {
  const { port, addresses } = options;
  const folder = await ensureWebBuild(context);
  const rules = readHeaderRules(await readFile(join(folder, "_headers"), "utf8").catch(() => ""), {
    SUPABASE_URL: addresses.supabaseUrl,
    API_URL: addresses.apiUrl,
  });
  const app = createStaticApp(folder, rules, () => readWebConfig(addresses));
  const served = await serveOnLoopback(app.fetch, port);
  return { url: served.url, stop: served.close };
}

export function createStaticApp(
  folder: string,
  rules: readonly HeaderRule[],
  readConfig: () => Promise<WebConfig>,
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

export async function startDevelopmentWeb(
  context: PartContext,
  options: { readonly port: number; readonly addresses: WebAddresses },
): Promise<Web> {
  const part = await startPart(context, {
    name: "web",
    file: fileURLToPath(new URL("web-host.ts", import.meta.url)),
    input: options,
    ready: z.object({}),
  });
  return { url: loopbackUrl(options.port), stop: part.stop };
}

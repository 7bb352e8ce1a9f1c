/**
 * The process behind the Supabase URL: the database, its migrations, REST and Auth, and the way
 * through to the Edge Functions.
 */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { proxy } from "hono/proxy";
import type postgres from "postgres";
import { z } from "zod";

import { authAdmin } from "./auth-admin.ts";
import { openFolderDatabase, openOutsideDatabase } from "./database.ts";
import { applyMigrations } from "./migrations.ts";
import { hostPart } from "./part-host.ts";
import { repository } from "./paths.ts";
import { loopbackUrl } from "./ports.ts";
import { quietConsoleErrors } from "./quiet-console.ts";
import { createRestAndAuth, type RestAndAuth } from "./rest-and-auth.ts";
import { serveOnLoopback } from "./serve.ts";
import { readSupabaseConfig } from "./supabase-config.ts";

export const supabaseInput = z.object({
  databaseFolder: z.string(),
  /** A Postgres that runs elsewhere; null for the one in the folder. */
  outsideDatabaseUrl: z.string().nullable(),
  port: z.number(),
  sqlPort: z.number(),
  smtpPort: z.number(),
  functionsUrl: z.string(),
  siteUrl: z.string(),
  publishableKey: z.string(),
  secretKey: z.string(),
  jwtSecret: z.string(),
  vaultRootKey: z.string(),
  howToReset: z.string(),
  github: z
    .object({ clientId: z.string(), secret: z.string(), url: z.string().exactOptional() })
    .nullable(),
});

quietConsoleErrors();

hostPart(supabaseInput, async (input) => {
  const database =
    input.outsideDatabaseUrl === null
      ? await openFolderDatabase({ folder: input.databaseFolder, port: input.sqlPort })
      : await openOutsideDatabase(input.outsideDatabaseUrl);

  const restAndAuth = createRestAndAuth({
    ...input,
    databaseUrl: database.url,
    externalUrl: loopbackUrl(input.port),
    config: await readSupabaseConfig(repository.supabaseConfig, repository.root),
  });
  await database.listen("pgrst", () => void restAndAuth.forgetSchema());

  await prepare(database.sql, restAndAuth);
  await applyMigrations(database.sql, repository.migrations, { howToReset: input.howToReset });
  await restAndAuth.forgetSchema();

  const gateway = createGateway(database.sql, restAndAuth, input);
  const served = await serveOnLoopback(gateway.fetch, input.port);

  return {
    ready: { databaseUrl: database.url },
    stop: async () => {
      await served.close();
      await restAndAuth.close();
      await database.close();
    },
  };
});

/** What the hosted platform has before the first migration: roles, the schema `auth`, the vault. */
async function prepare(sql: postgres.Sql, restAndAuth: RestAndAuth): Promise<void> {
  await runFile(sql, repository.localRoles);
  await restAndAuth.ensureAuthSchema();
  // Policies call `auth.uid()` as the one who asks.
  await sql`grant usage on schema auth to anon, authenticated, service_role`;
  await runFile(sql, repository.localVault);
}

async function runFile(sql: postgres.Sql, file: string): Promise<void> {
  if (existsSync(file)) await sql.unsafe(await readFile(file, "utf8"));
}

function createGateway(
  sql: postgres.Sql,
  restAndAuth: RestAndAuth,
  { secretKey, functionsUrl }: { secretKey: string; functionsUrl: string },
) {
  const app = new Hono<{ Bindings: HttpBindings }>();

  // As shipped, Auth lets a browser send no headers and functions are not answered for at all.
  const exposeHeaders = ["X-Supabase-Api-Version", "Content-Range", "Content-Location"];
  const anyOrigin = cors({ origin: "*", exposeHeaders });
  app.use("/auth/v1/*", anyOrigin);
  app.use("/rest/v1/*", anyOrigin);
  app.route("/auth/v1/admin", authAdmin(sql, restAndAuth, secretKey));

  app.all("/functions/v1/*", (c) => {
    const { pathname, search } = new URL(c.req.url);
    const path = pathname.slice("/functions/v1".length);
    return proxy(`${functionsUrl}${path}${search}`, c.req).catch(() =>
      c.json({ code: "BOOT_ERROR", message: "The Edge Functions are not running" }, 503),
    );
  });

  const toLocalServer = (c: { req: { raw: Request }; env: HttpBindings }) =>
    restAndAuth.fetch(c.req.raw, c.env.incoming.socket.remoteAddress ?? null);
  app.all("/rest/v1/*", toLocalServer);
  app.all("/auth/v1/*", toLocalServer);

  return app;
}

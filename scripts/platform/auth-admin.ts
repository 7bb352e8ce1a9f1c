/**
 * The part of Auth's admin API that the product uses, which the local server lacks: accounts can
 * be listed, made, changed and deleted with the secret key, as on the hosted platform.
 */

import { timingSafeEqual } from "node:crypto";

import { Hono } from "hono";
import type postgres from "postgres";
import { z } from "zod";

import type { RestAndAuth } from "./rest-and-auth.ts";

const newAccount = z.object({
  email: z.email(),
  password: z.string().min(1).optional(),
  email_confirm: z.boolean().default(false),
  user_metadata: z.record(z.string(), z.unknown()).default({}),
});

const changes = z.object({
  email: z.email().optional(),
  email_confirm: z.boolean().optional(),
  password: z.string().min(1).max(72).optional(),
  user_metadata: z.record(z.string(), z.unknown()).optional(),
});

const accountId = z.uuid();

const notFound = { code: 404, error_code: "user_not_found", msg: "User not found" } as const;

export function authAdmin(sql: postgres.Sql, restAndAuth: RestAndAuth, secretKey: string): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    if (isSame(c.req.header("apikey") ?? "", secretKey)) return next();
    return c.json(
      { code: 401, error_code: "no_authorization", msg: "A secret key is needed" },
      401,
    );
  });
  app.route("/users", accounts(sql, restAndAuth));
  app.route("/users", oneAccount(sql));

  app.onError((error, c) => {
    if (error instanceof z.ZodError || error instanceof SyntaxError) {
      const msg = error instanceof z.ZodError ? z.prettifyError(error) : "The body is not JSON";
      return c.json({ code: 400, error_code: "validation_failed", msg }, 400);
    }
    console.error("Auth admin:", error);
    return c.json({ code: 500, error_code: "unexpected_failure", msg: "It did not work" }, 500);
  });

  return app;
}

const accounts = (sql: postgres.Sql, restAndAuth: RestAndAuth) =>
  new Hono()
    .get("/", async (c) => {
      const page = Math.max(1, Number(c.req.query("page")) || 1);
      const size = Math.min(1000, Number(c.req.query("per_page")) || 50);
      const users = await sql`
        select ${accountColumns(sql)} from auth.users u
        order by created_at desc, id limit ${size} offset ${(page - 1) * size}`;
      const [total] = await sql<{ count: number }[]>`select count(*)::int as count from auth.users`;
      return c.json({ users, aud: "authenticated" }, 200, {
        "x-total-count": String(total?.count),
      });
    })
    .post("/", async (c) => {
      const { email, password, email_confirm, user_metadata } = newAccount.parse(
        await c.req.json(),
      );
      const made = await restAndAuth.signUpConfirmed({
        email,
        password: password ?? `${crypto.randomUUID()}Aa1!`,
        data: user_metadata,
      });
      if (!made.ok) return made;
      if (!email_confirm) {
        await sql`update auth.users set email_confirmed_at = null where email = lower(${email})`;
      }
      const [user] = await sql`
        select ${accountColumns(sql)} from auth.users u where email = lower(${email})`;
      return c.json(user);
    });

const oneAccount = (sql: postgres.Sql) =>
  new Hono()
    .get("/:id", async (c) => {
      const id = accountId.safeParse(c.req.param("id"));
      const [user] = id.success
        ? await sql`select ${accountColumns(sql)} from auth.users u where id = ${id.data}`
        : [];
      return user ? c.json(user) : c.json(notFound, 404);
    })
    .put("/:id", async (c) => {
      const id = accountId.safeParse(c.req.param("id"));
      if (!id.success) return c.json(notFound, 404);
      const { email, email_confirm, password, user_metadata } = changes.parse(await c.req.json());
      const [user] = await sql`
        update auth.users u set
          email = coalesce(lower(${email ?? null}), email),
          email_confirmed_at = case
            when ${email_confirm ?? false} then coalesce(email_confirmed_at, now())
            else email_confirmed_at
          end,
          encrypted_password = coalesce(
            extensions.crypt(${password ?? null}, extensions.gen_salt('bf', 10)),
            encrypted_password
          ),
          raw_user_meta_data =
            raw_user_meta_data || ${JSON.stringify(user_metadata ?? {})}::text::jsonb,
          updated_at = now()
        where id = ${id.data}
        returning ${accountColumns(sql)}`;
      return user ? c.json(user) : c.json(notFound, 404);
    })
    .delete("/:id", async (c) => {
      const id = accountId.safeParse(c.req.param("id"));
      const gone = id.success
        ? await sql`delete from auth.users where id = ${id.data} returning id`
        : [];
      return gone.length > 0 ? c.json({}) : c.json(notFound, 404);
    });

/** An account as Auth describes it. */
const accountColumns = (sql: postgres.Sql) => sql`
  u.id, u.aud, u.role, u.email, u.phone, u.created_at, u.updated_at, u.last_sign_in_at,
  u.email_confirmed_at, u.confirmed_at, u.is_anonymous,
  u.raw_app_meta_data as app_metadata, u.raw_user_meta_data as user_metadata,
  (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from auth.identities i where i.user_id = u.id) as identities`;

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

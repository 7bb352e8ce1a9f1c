/**
 * What `supabase/config.toml` says about signing in.
 *
 * The file is the Supabase CLI's and stays the truth for every environment. The local REST and
 * Auth server rejects keys it does not know, so it is handed only what it understands.
 */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { parse } from "smol-toml";
import { z } from "zod";

import { PlatformError } from "./platform-error.ts";

const template = z
  .object({ subject: z.string().exactOptional(), content_path: z.string().exactOptional() })
  .exactOptional();

/** The mails whose looks can be changed locally. */
const templates = z.object({
  invite: template,
  confirmation: template,
  recovery: template,
  magic_link: template,
  email_change: template,
});

const configSchema = z.object({
  api: z.object({ max_rows: z.number().int().default(1000) }).prefault({}),
  auth: z
    .object({
      jwt_expiry: z.number().int().default(3600),
      enable_signup: z.boolean().default(true),
      enable_refresh_token_rotation: z.boolean().default(true),
      refresh_token_reuse_interval: z.number().int().default(10),
      minimum_password_length: z.number().int().default(8),
      password_requirements: z.string().default(""),
      email: z
        .object({
          enable_signup: z.boolean().default(true),
          double_confirm_changes: z.boolean().default(true),
          enable_confirmations: z.boolean().default(true),
          otp_length: z.number().int().default(6),
          otp_expiry: z.number().int().default(3600),
          template: templates.default({}),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type SupabaseConfig = z.output<typeof configSchema>;

/** Paths of templates come back absolute; in the file they start at the project's root. */
export async function readSupabaseConfig(file: string, root: string): Promise<SupabaseConfig> {
  const parsed = configSchema.safeParse(
    existsSync(file) ? parse(await readFile(file, "utf8")) : {},
  );
  if (!parsed.success) {
    throw new PlatformError(`${file} is not valid:\n${z.prettifyError(parsed.error)}`);
  }
  for (const entry of Object.values(parsed.data.auth.email.template)) {
    if (entry?.content_path !== undefined) entry.content_path = resolve(root, entry.content_path);
  }
  return parsed.data;
}

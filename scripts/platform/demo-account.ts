/** An account to begin with: its address confirmed, its memory key made, so that the first request needs no form. */

import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";

import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";

import type { DataFolder } from "./paths.ts";
import { writePrivateJson } from "./private-file.ts";

export const DEMO_MODEL = "demo/memory";

const demoSchema = z.object({ email: z.string(), password: z.string(), memoryKey: z.string() });

export type DemoAccount = Readonly<z.output<typeof demoSchema>>;

type Access = {
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
};

/** The account of an earlier start, as far as it still opens the door; else a new one. */
export async function ensureDemoAccount(folder: DataFolder, access: Access): Promise<DemoAccount> {
  const known = await readDemo(folder);
  const client = connect(access.url, access.publishableKey);
  const admin = connect(access.url, access.secretKey);

  const account =
    known !== null && (await signIn(client, known)) ? known : await createAccount(client, admin);
  const isKeyUsable = account.memoryKey !== "" && (await opens(admin, account.memoryKey));
  const demo = isKeyUsable ? account : { ...account, memoryKey: await createKey(client) };
  await client.auth.signOut({ scope: "local" });
  if (demo !== known) await writePrivateJson(folder.demo, demo);
  return demo;
}

async function readDemo(folder: DataFolder): Promise<DemoAccount | null> {
  try {
    return demoSchema.parse(JSON.parse(await readFile(folder.demo, "utf8")));
  } catch {
    return null;
  }
}

const connect = (url: string, key: string): SupabaseClient =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });

async function signIn(
  client: SupabaseClient,
  { email, password }: Pick<DemoAccount, "email" | "password">,
): Promise<boolean> {
  const { error } = await client.auth.signInWithPassword({ email, password });
  return error === null;
}

/** Somebody may have taken the plain address, or given the account a new password. */
async function createAccount(client: SupabaseClient, admin: SupabaseClient): Promise<DemoAccount> {
  const password = `${randomBytes(12).toString("base64url")}-Aa1`;
  const random = randomBytes(3).toString("hex");
  for (const email of ["demo@memoryrouter.local", `demo-${random}@memoryrouter.local`]) {
    const { error } = await admin.auth.admin.createUser({ email, password, email_confirm: true });
    if (error === null && (await signIn(client, { email, password }))) {
      return { email, password, memoryKey: "" };
    }
  }
  throw new Error("The demo account could not be made");
}

async function createKey(client: SupabaseClient): Promise<string> {
  const { data } = await client.rpc("create_memory_key", { name: "Demo" }).throwOnError();
  return z.object({ key: z.string() }).parse(data).key;
}

async function opens(admin: SupabaseClient, memoryKey: string): Promise<boolean> {
  const key_hash = createHash("sha256").update(memoryKey).digest("hex");
  const { data } = await admin.rpc("open_memory_key", { key_hash });
  return data !== null;
}

/** Where things lie: in the repository, and in the data folder of one stack. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The repository's folders and files that the platform reads or starts. */
export const repository = {
  root,
  environment: join(root, ".env"),
  supabase: join(root, "supabase"),
  supabaseConfig: join(root, "supabase", "config.toml"),
  migrations: join(root, "supabase", "migrations"),
  localRoles: join(root, "supabase", "local", "roles.sql"),
  localVault: join(root, "supabase", "local", "vault.sql"),
  functions: join(root, "supabase", "functions"),
  worker: join(root, "worker"),
  workerConfig: join(root, "worker", "wrangler.jsonc"),
  web: join(root, "web"),
  modules: join(root, "node_modules"),
} as const;

/** What one stack keeps. Everything lies in one folder, so that removing it is a reset. */
export type DataFolder = {
  readonly path: string;
  readonly lock: string;
  readonly stack: string;
  readonly secrets: string;
  readonly demo: string;
  readonly database: string;
  readonly worker: string;
  readonly workerSecrets: string;
  readonly logs: string;
};

export function dataFolder(path: string): DataFolder {
  return {
    path,
    lock: join(path, "lock.json"),
    stack: join(path, "stack.json"),
    secrets: join(path, "secrets.json"),
    demo: join(path, "demo.json"),
    database: join(path, "database"),
    worker: join(path, "worker"),
    workerSecrets: join(path, "worker", "secrets.env"),
    logs: join(path, "logs"),
  };
}

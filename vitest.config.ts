import { fileURLToPath } from "node:url";

import { configDefaults, defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const resolve = {
  alias: { "@": at("web/src"), "#database": at("supabase/functions/_shared/database.types.ts") },
};

/**
 * Three kinds of tests. `unit` needs nothing but Node (workerd among it) and runs side by side; `platform` and
 * `e2e` start whole stacks and run one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          include: ["{worker,web,supabase}/**/*.test.{ts,tsx}", "scripts/bench/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "web/e2e/**"],
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        test: {
          name: "platform",
          include: ["scripts/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "scripts/bench/**"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: "e2e",
          include: ["web/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

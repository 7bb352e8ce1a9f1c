import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** What every page needs changes rarely: one file, kept by browsers from release to release. */
const core =
  /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|@supabase|zod|clsx|class-variance-authority|tailwind-merge|next-themes)\//;

const forms = /node_modules\/(react-hook-form|@hookform)\//;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    // `lib/env.ts` waits for the configuration at its top level.
    target: "es2022",
    // The security policy allows fonts and images from files, not from data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "core", test: core },
            { name: "forms", test: forms },
          ],
        },
      },
    },
  },
});

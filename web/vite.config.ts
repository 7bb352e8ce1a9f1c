import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  // `lib/env.ts` waits for the configuration at its top level.
  // The security policy allows fonts and images from files, not from data: addresses.
  build: { target: "es2022", assetsInlineLimit: 0 },
});

import { resolve } from "node:path";
import { defineConfig } from "vite";

/** The web page: src/web into dist/web, which `seed-bulk serve` serves at `/`. */
export default defineConfig({
  root: resolve(import.meta.dirname, "src/web"),
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: resolve(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: "es2022",
    // The page is one of a few dozen kilobytes: a map would be larger than it.
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8787" } },
});

// What ships: a file for each process and thread, and chunks that they share, each loaded when it is needed. Hundreds of
// modules, each a file, cost a command a tenth of a second, and each thread that a load starts likewise.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

/** Small ones that nearly every command loads; the others have files of their own beside them, or are loaded seldom. */
const BUNDLED = new Set([
  "@clack/prompts",
  "commander",
  "csv-parse",
  "hdr-histogram-js",
  "pg",
  "pg-copy-streams",
  "pure-rand",
  "yaml",
  "zod",
]);

const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const external = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !BUNDLED.has(name));

const { metafile } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    "workers/compare": "workers/compare.ts",
    "workers/export": "workers/export.ts",
    "workers/plan": "workers/plan.ts",
    "workers/shard": "workers/shard.ts",
    "bench/child": "bench/child.ts",
    "bench/baselines/copy-thread": "bench/baselines/copy-thread.ts",
    "bench/baselines/insert-thread": "bench/baselines/insert-thread.ts",
  },
  outdir: "dist/bundle",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: [...external, "pg-native"],
  // CommonJS modules among them ask for Node's own.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module";\nconst require = requireOf(import.meta.url);',
  },
  logLevel: "warning",
  metafile: true,
});

// Chunks are named by what is in them: those of earlier builds would be packed with the package. They go last, so that
// whoever runs meanwhile finds a whole bundle.
const made = new Set(Object.keys(metafile.outputs).map((path) => resolve(import.meta.dirname, path)));
const bundle = join(import.meta.dirname, "dist/bundle");
for (const entry of readdirSync(bundle, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !made.has(path)) rmSync(path);
}

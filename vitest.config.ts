import { defineConfig } from "vitest/config";

const shared = { testTimeout: 150_000, hookTimeout: 120_000 };

/** Tests of modules alone: they share what is loaded, most of which each file would load again. */
const ALONE = ["test/unit/**/*.test.ts", "test/property/**/*.test.ts", "test/golden/**/*.test.ts"];
/** Those that put something in a module's place, before anybody has loaded it. */
const MOCKING = ["test/unit/engine/guard/guard-beforehand.test.ts", "test/property/nudged-math.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    // Two cores: Postgres and the worker threads under test need them more than vitest does.
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: "together", include: ["test/{integration,soak}/**/*.test.ts", ...MOCKING] } },
      { test: { ...shared, name: "alone", include: ALONE, exclude: MOCKING, isolate: false } },
    ],
  },
});

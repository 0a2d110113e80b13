import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 150_000,
    hookTimeout: 120_000,
    // Two cores: Postgres and the worker threads under test need them more than vitest does.
    maxWorkers: 2,
  },
});

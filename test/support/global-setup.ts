import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { identityIsAlive, processIdentity } from "../../src/platform/processes.js";
import { destroyEmbedded } from "../../src/postgres/embedded/index.js";
import { dropDatabasesOfRun, type TestServer } from "./test-server.js";

const CONTAINER_IMAGE = "postgres:18";
const HOME_PREFIX = "seed-bulk-test-";

/**
 * The one place where tests choose their Postgres: SEED_BULK_TEST_DATABASE_URL; testcontainers, if SEED_BULK_TEST_PG asks for it;
 * else the embedded one, which starts when the first test file wants a database, so that unit tests do not pay for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  build();
  const { server, close } = await chooseServer();
  project.provide("testServer", server);
  return close;
}

/** Threads and commands under test run what is built: of the source as it is, which takes a moment where it was built before. */
function build(): void {
  const root = resolve(import.meta.dirname, "../..");
  // Where types are wrong it builds all the same: saying so is the type check's part.
  const programs = [
    [join(root, "node_modules/.bin/tsc"), "-p", root],
    [process.execPath, join(root, "build.mjs")],
  ];
  for (const [program, ...args] of programs) {
    const { error } = spawnSync(program, args, { stdio: "ignore" });
    if (error) throw error;
  }
}

interface ChosenServer {
  server: TestServer;
  close(): Promise<void>;
}

function chooseServer(): Promise<ChosenServer> {
  const { SEED_BULK_TEST_DATABASE_URL, SEED_BULK_TEST_PG } = process.env;
  if (SEED_BULK_TEST_DATABASE_URL) return useRunningServer(SEED_BULK_TEST_DATABASE_URL);
  if (SEED_BULK_TEST_PG === "testcontainers") return startContainer();
  return prepareEmbedded();
}

async function useRunningServer(url: string): Promise<ChosenServer> {
  const server: TestServer = { runId: String(process.pid), url };
  return { server, close: () => dropDatabasesOfRun(server) };
}

async function startContainer(): Promise<ChosenServer> {
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer(CONTAINER_IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: "postgres" })
    .withCommand(["postgres", "-c", "fsync=off"])
    .withExposedPorts(5432)
    // The image starts Postgres twice: the first only to make the database.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
  const url = `postgresql://postgres:postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  const close = async () => {
    await container.stop();
  };
  return { server: { runId: String(process.pid), url }, close };
}

async function prepareEmbedded(): Promise<ChosenServer> {
  await sweepKilledRuns();
  const home = join(tmpdir(), `${HOME_PREFIX}${processIdentity(process.pid)}`);
  mkdirSync(home);
  // Root's umask may be strict, and the user who runs Postgres must get in.
  chmodSync(home, 0o755);
  return { server: { runId: String(process.pid), embeddedHome: home }, close: () => removeHome(home) };
}

/** A run that was killed cannot stop its server; the next one does. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(HOME_PREFIX) || identityIsAlive(name.slice(HOME_PREFIX.length))) continue;
    // Another user's, perhaps; then it is not ours to remove.
    await removeHome(join(tmpdir(), name)).catch(() => undefined);
  }
}

async function removeHome(home: string): Promise<void> {
  await destroyEmbedded(home);
  rmSync(home, { recursive: true, force: true });
}

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

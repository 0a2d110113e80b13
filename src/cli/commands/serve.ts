import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { estimateOf, rememberLoad } from "../../engine/estimate.js";
import { SeedBulkError } from "../../errors.js";
import { type App, buildApp } from "../../http/app.js";
import { type Access, isLoopback } from "../../http/security.js";
import { listScenarios, loadScenario } from "../../model/scenario/index.js";
import { ALL_MODELS } from "../../models/load.js";
import { packageRoot, packageVersion, scenarioDirs } from "../../platform/package.js";
import { toldDatabase } from "../../postgres/connection.js";
import { embeddedHome } from "../../postgres/embedded/home.js";
import { redactText } from "../../postgres/redact.js";
import {
  openDatabase,
  runTarget,
  type SafetyOptions,
  type Target,
  withDatabaseOption,
  withSafetyOptions,
} from "../database.js";
import { untilInterrupted } from "../interrupt.js";
import { requireEntity, wholeNumber, withWorkersOption } from "../options.js";
import { CLEANUP_TOKEN } from "./cleanup.js";

interface Options extends SafetyOptions {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly workers: number;
  readonly databaseUrl?: string;
}

const PORT_DEFAULT = 8787;
/** As long as nobody guesses it: 16 characters of hexadecimal are 64 bits. */
const TOKEN_LENGTH_MIN = 16;

/** `seed-bulk serve`. */
export function serveCommand(): Command {
  const command = new Command("serve");
  return withSafetyOptions(withDatabaseOption(withWorkersOption(command)))
    .option("--port <port>", "listen at this port; 0 for any that is free", wholeNumber(0, 65_535), PORT_DEFAULT)
    .option("--host <address>", "listen at this address; any but a loopback one needs a token", "127.0.0.1")
    .option("--token <token>", "what every call must bear; else SEED_BULK_TOKEN")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const access = accessOf(options, process.env["SEED_BULK_TOKEN"]);
  await untilInterrupted(async (signal) => {
    const log = (line: string): void => void process.stderr.write(`${redactText(line)}\n`);
    const database = await openDatabase(options.databaseUrl, { signal, onNotice: log });
    try {
      const app = await buildApp({
        access,
        services: {
          target: runTarget(database, options),
          lookAt: database.lookAt,
          workers: options.workers,
          estimateOf: (plan, rowsPerSecond) => estimateOf(plan, process.env, rowsPerSecond),
          rememberLoad: (load) => rememberLoad(load, process.env),
          cleanupToken: CLEANUP_TOKEN,
          version: packageVersion(),
          webDir: webDir(),
          exportsDir: join(embeddedHome(process.env, process.cwd()), "exports"),
          listScenarios: () => listScenarios(scenarioDirs()),
          loadScenario: (name, overrides) =>
            loadScenario({ name, overrides, models: ALL_MODELS, searchDirs: scenarioDirs() }),
          requireEntity,
          log,
        },
      });
      await serve(app, { ...options, database, signal });
    } finally {
      await database.release();
    }
  });
}

/** Listens until the signal, then stops what goes on. */
async function serve(
  app: App,
  { port, host, database, signal }: Options & { readonly database: Target; readonly signal: AbortSignal },
): Promise<void> {
  let interrupted: string | undefined;
  try {
    const address = await app.listen({ port, host }).catch((cause: NodeJS.ErrnoException) => {
      throw new SeedBulkError("SB_LISTEN_FAILED", `cannot listen at ${host}, port ${port}: ${cause.message}`, {
        cause,
        hint: "Name another port with --port, or another address with --host.",
      });
    });
    process.stdout.write(
      `seed-bulk serves at ${address}; Ctrl-C stops it.\nIt reads and fills the database ${toldDatabase(database)}.\n`,
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    interrupted = app.jobs?.board.active?.spec.jobId;
  } finally {
    await app.close();
  }
  if (interrupted === undefined) return;
  throw new SeedBulkError("SB_INTERRUPTED", `the server stopped while job ${interrupted} was at work`, {
    hint: `What is committed is kept: \`seed-bulk resume ${interrupted}\`, or POST resume once the server runs again.`,
  });
}

/** @throws SeedBulkError SB_USAGE where others could call it without a token */
function accessOf({ host, token: given }: Options, inherited: string | undefined): Access {
  const token = given ?? (inherited || undefined);
  if (token !== undefined && (token.length < TOKEN_LENGTH_MIN || /\s/.test(token))) {
    throw new SeedBulkError("SB_USAGE", `the token has fewer than ${TOKEN_LENGTH_MIN} characters, or a space in it`, {
      hint: "`openssl rand -hex 24` makes one.",
    });
  }
  if (token === undefined && !isLoopback(host)) {
    throw new SeedBulkError("SB_USAGE", `at ${host} others can reach the server: that takes a token`, {
      hint: "Add --token, or set SEED_BULK_TOKEN, to a long random text; or leave --host out.",
    });
  }
  return token === undefined ? { host } : { host, token };
}

/** The web page as Vite built it, if it did. */
function webDir(): string | undefined {
  const dir = join(packageRoot(), "dist/web");
  return existsSync(join(dir, "index.html")) ? dir : undefined;
}

import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { guardBeforehand } from "../../engine/guard/guard-beforehand.js";
import { MAX_ROWS_DEFAULT } from "../../engine/guard/guard-request.js";
import { findingsOf, serverTraits } from "../../engine/guard/server-kinds.js";
import { requireFitServer } from "../../engine/guard/server-requirements.js";
import { SeedBulkError } from "../../errors.js";
import { leasedSchemas } from "../../ledger/lease.js";
import { FINAL_STATES, listRuns } from "../../ledger/runs.js";
import { displayPath } from "../../model/scenario/problems.js";
import { packageRoot, packageVersion } from "../../platform/package.js";
import { close, connect } from "../../postgres/connection.js";
import { embeddedHome, embeddedStatus } from "../../postgres/embedded/index.js";
import { redactUrl } from "../../postgres/redact.js";
import { withDatabaseOption } from "../database.js";
import { databaseOfEnvironment } from "../environment.js";
import { findConfig } from "../find-config.js";
import { untilInterrupted } from "../interrupt.js";
import { formatBytes, formatCount } from "../screen/index.js";
import { wrapWords } from "../screen/text.js";

interface Options {
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** One thing that was looked at. */
interface Finding {
  readonly state: "ok" | "note" | "wrong";
  readonly what: string;
  /** What to do, where something is wrong or could be better. */
  readonly todo?: string;
}

/** `seed-bulk doctor`. */
export function doctorCommand(): Command {
  return withDatabaseOption(new Command("doctor")).option("--json", "print one JSON document").action(run);
}

async function run({ databaseUrl, json }: Options): Promise<void> {
  await untilInterrupted(async () => {
    const findings = [...machineFindings(), ...(await configFindings()), ...(await databaseFindings(databaseUrl))];
    if (json) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
    else process.stdout.write(`${findings.map(lineOf).join("\n")}\n`);
    const wrong = findings.filter(({ state }) => state === "wrong").length;
    if (wrong > 0) process.exitCode = 1;
    else if (!json) process.stdout.write("Nothing is wrong.\n");
  });
}

/** What is found, and what to do about it, under one another within 80 columns. */
function lineOf({ state, what, todo }: Finding): string {
  const columns = (process.stdout.columns || 80) - LABEL_CELLS;
  const lines = [...wrapWords(what, columns), ...(todo === undefined ? [] : wrapWords(`-> ${todo}`, columns))];
  return lines.map((line, at) => (at === 0 ? state : "").padEnd(LABEL_CELLS) + line).join("\n");
}

/** Before each line. */
const LABEL_CELLS = 7;

/** Free bytes below which a load of some size does not fit. */
const FREE_BYTES_MIN = 2e9;

function machineFindings(): Finding[] {
  const root = packageRoot();
  const isWhole = existsSync(join(root, "dist/bundle/workers/shard.js"));
  return [
    { state: "ok", what: `seed-bulk ${packageVersion()} on Node ${process.versions.node}, ${process.platform}` },
    {
      state: "ok",
      what: `${formatCount(availableParallelism())} processors: as many worker threads, unless --workers says otherwise`,
    },
    isWhole
      ? { state: "ok", what: "the code of worker threads is there" }
      : {
          state: "wrong",
          what: "the code of worker threads is not there",
          todo: "Install the package anew; in a clone, `npm run build`.",
        },
    existsSync(join(root, "dist/web/index.html"))
      ? { state: "ok", what: "the web page is there (`seed-bulk serve`)" }
      : { state: "note", what: "the web page was not built", todo: "In a clone, `npm run build`." },
  ];
}

/** Of a file that is not there nothing is said: most folders have none. */
async function configFindings(): Promise<Finding[]> {
  try {
    const file = findConfig(process.cwd(), undefined);
    if (file === undefined) return [];
    await (await import("../config.js")).readConfig(file, undefined);
    return [{ state: "ok", what: `${displayPath(file)} can be read: its values are the commands' defaults` }];
  } catch (error) {
    return [wrongBy(error)];
  }
}

async function databaseFindings(named: string | undefined): Promise<Finding[]> {
  try {
    const fromEnvironment = named === undefined ? databaseOfEnvironment(process.env) : undefined;
    const url = named ?? fromEnvironment?.url;
    if (url === undefined) return await embeddedFindings();
    const from = fromEnvironment === undefined ? "--database-url" : fromEnvironment.from;
    return [
      { state: "ok", what: `the database is ${redactUrl(url)}, from ${from}` },
      ...enablingFindings(url),
      ...(await serverFindings(url)),
    ];
  } catch (error) {
    return [wrongBy(error)];
  }
}

function wrongBy(error: unknown): Finding {
  if (!(error instanceof SeedBulkError)) throw error;
  const { message, hint } = error;
  return { state: "wrong", what: message, ...(hint !== undefined && { todo: hint }) };
}

/** Whether the guard would let a load begin, as far as it can say before it connects. */
function enablingFindings(url: string): Finding[] {
  try {
    guardBeforehand({ url, embedded: false, rows: 0, maxRows: MAX_ROWS_DEFAULT, env: process.env });
    return [{ state: "ok", what: "it may be filled" }];
  } catch (error) {
    const { message } = error as Error;
    return [
      {
        state: "note",
        what: message.replace(/\s*\n\s*-\s*/g, " "),
        todo: "docs/safety.md says what each of these protects.",
      },
    ];
  }
}

async function embeddedFindings(): Promise<Finding[]> {
  const home = embeddedHome(process.env, process.cwd());
  const status = await embeddedStatus(home);
  const what =
    status.dataDir === null
      ? "is made by the first command that loads"
      : status.isRunning
        ? "runs"
        : "is there, and starts when it is needed";
  const free = await freeBytes(home);
  return [
    { state: "ok", what: `the database is the embedded Postgres of ${home}, which ${what}` },
    free < FREE_BYTES_MIN
      ? {
          state: "wrong",
          what: `${home} has ${formatBytes(free)} free`,
          todo: "Free some, or set SEED_BULK_HOME to a folder on a larger disk.",
        }
      : { state: "ok", what: `${formatBytes(free)} are free there` },
    ...(status.url === null ? [] : await serverFindings(status.url)),
  ];
}

/** Of the disk of a folder, or of the nearest one above it that is there. */
async function freeBytes(folder: string): Promise<number> {
  let path = folder;
  while (!existsSync(path)) path = dirname(path);
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function serverFindings(url: string): Promise<Finding[]> {
  let client: Awaited<ReturnType<typeof connect>> | undefined;
  try {
    client = await connect(url, "doctor");
    await requireFitServer(client);
    const { rows } = await client.query<{ version: string; connections: number; used: number; mayCreate: boolean }>(
      "SELECT current_setting('server_version') AS version, current_setting('max_connections')::int4 AS connections, " +
        "(SELECT count(*)::int4 FROM pg_stat_activity WHERE backend_type = 'client backend') AS used, " +
        "has_database_privilege(current_database(), 'CREATE') AS \"mayCreate\"",
    );
    const [{ version, connections, used, mayCreate }] = rows;
    const { reasons, notices } = findingsOf(await serverTraits(client), false);
    const runs = await listRuns(client);
    const unfinished = runs.filter(({ state }) => !FINAL_STATES.has(state));
    const busy = await leasedSchemas(
      client,
      unfinished.map(({ schema }) => schema),
    );
    return [
      {
        state: "ok",
        what: `Postgres ${version} answers; ${connections - used} of ${connections} connections are free`,
      },
      mayCreate
        ? { state: "ok", what: "the role may make schemas" }
        : {
            state: "note",
            what: "the role may not make schemas",
            todo: "GRANT CREATE ON DATABASE … TO it, or make the schemas first; tables that are there need none.",
          },
      ...reasons.map((what): Finding => ({ state: "wrong", what })),
      ...notices.map((what): Finding => ({ state: "note", what })),
      ...unfinished.map(({ runId, schema, scenario, state }): Finding => {
        const which = `run ${runId.slice(0, 8)} (${scenario}, schema ${schema}) is ${state}`;
        return busy.has(schema)
          ? { state: "ok", what: `${which}, and at work` }
          : {
              state: "note",
              what: `${which}, and nobody works on it`,
              todo: `\`seed-bulk resume ${runId.slice(0, 8)}\``,
            };
      }),
    ];
  } catch (error) {
    return [wrongBy(error)];
  } finally {
    if (client) await close(client);
  }
}

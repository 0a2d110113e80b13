import { Command, InvalidArgumentError } from "commander";
import { SeedBulkError } from "../../errors.js";
import {
  destroyEmbedded,
  type EmbeddedStatus,
  embeddedHome,
  embeddedStatus,
  runningStatus,
  type StartedServer,
  type StopResult,
  startEmbedded,
  stopEmbedded,
} from "../../postgres/embedded/index.js";
import { redactUrl } from "../../postgres/redact.js";
import { psqlLine } from "../database.js";

/** `seed-bulk db`: the embedded Postgres, for people and scripts that want it longer than one command. */
export function dbCommand(): Command {
  const db = new Command("db");
  db.command("start")
    .description("start it and leave it running")
    .option("--port <port>", "listen on 127.0.0.1 at this port too, with a password", parsePort)
    .option("--json", "print one JSON document")
    .action(async (options: { port?: number; json?: true }) => {
      const server = await startEmbedded(homeHere(), { port: options.port, onNotice: note });
      print(options.json ? toJson(withoutPassword(server)) : formatStarted(withoutPassword(server)));
    });
  db.command("stop")
    .description("stop it; while other commands use it, the last of them does")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: true }) => {
      const result = await stopEmbedded(homeHere(), { onNotice: note });
      print(options.json ? toJson(result) : formatStopped(result));
    });
  db.command("url")
    .description("print its address, for DATABASE_URL or psql")
    .option("--tcp", "the TCP address of a server started with --port")
    .action(async (options: { tcp?: true }) => {
      print(await urlHere(options.tcp === true));
    });
  db.command("status")
    .description("say where it lies and whether it runs")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: true }) => {
      const status = withoutPassword(await embeddedStatus(homeHere()));
      print(options.json ? toJson(status) : formatStatus(status));
    });
  db.command("destroy")
    .description("stop it and delete all its data")
    .option("--yes", "really delete")
    .option("--json", "print one JSON document")
    .action(async (options: { yes?: true; json?: true }) => {
      const result = await destroyHere(options.yes === true);
      const text = result.dataDir === null ? "There was nothing to delete." : `Deleted ${result.dataDir}`;
      print(options.json ? toJson(result) : text);
    });
  return db;
}

/** Only `db url --tcp` prints the password; scripts' logs keep what the others print. */
function withoutPassword<T extends { tcpUrl: string | null }>(server: T): T {
  return { ...server, tcpUrl: server.tcpUrl === null ? null : redactUrl(server.tcpUrl) };
}

async function urlHere(wantsTcp: boolean): Promise<string> {
  const status = await runningStatus(homeHere());
  if (!wantsTcp) return status.url;
  if (status.tcpUrl !== null) return status.tcpUrl;
  throw new SeedBulkError("SB_DATABASE_UNREACHABLE", "the embedded Postgres does not listen on TCP", {
    hint: "seed-bulk db start --port 54321",
  });
}

async function destroyHere(isConfirmed: boolean): Promise<{ dataDir: string | null }> {
  const home = homeHere();
  if (!isConfirmed) {
    const { dataDir } = await embeddedStatus(home);
    throw new SeedBulkError("SB_USAGE", `this would delete all data in ${dataDir ?? home}`, {
      hint: "seed-bulk db destroy --yes",
    });
  }
  return destroyEmbedded(home, { onNotice: note });
}

function formatStarted(server: StartedServer): string {
  const first = server.started ? "Postgres started" : "Postgres was already running";
  return [
    `${first} (pid ${server.pid}); it stays up until: seed-bulk db stop`,
    "",
    `  ${server.url}`,
    ...(server.tcpUrl === null ? [] : [`  ${server.tcpUrl}`]),
    "",
    `  ${psqlLine(server.url)}`,
  ].join("\n");
}

function formatStopped(result: StopResult): string {
  if (!result.wasRunning) return "Postgres was not running.";
  if (!result.isRunning) return "Postgres stopped.";
  return `Postgres is in use by pid ${result.userPids.join(", ")}; it stops when that ends.`;
}

function formatStatus(status: EmbeddedStatus): string {
  const users = status.userPids.length === 0 ? "" : `, used by pid ${status.userPids.join(", ")}`;
  const kept = status.isKeptUp ? ", stays up until: seed-bulk db stop" : "";
  return [
    `state  ${status.isRunning ? `running (pid ${status.pid}${users}${kept})` : "not running"}`,
    `home   ${status.home}`,
    `data   ${status.dataDir ?? "none yet"}`,
    ...(status.logFile === null ? [] : [`log    ${status.logFile}`]),
    ...(status.url === null ? [] : [`url    ${status.url}`]),
    ...(status.tcpUrl === null ? [] : [`tcp    ${status.tcpUrl}`]),
  ].join("\n");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1024 || port > 65_535) {
    throw new InvalidArgumentError("A port is a whole number from 1024 to 65535.");
  }
  return port;
}

function homeHere(): string {
  return embeddedHome(process.env, process.cwd());
}

function toJson(value: object): string {
  return JSON.stringify(value, null, 2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function note(message: string): void {
  process.stderr.write(`${message}\n`);
}

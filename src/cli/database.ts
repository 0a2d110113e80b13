import type { Command } from "commander";
import { redactUrl } from "../postgres/connection.js";
import { embeddedHome } from "../postgres/embedded/home.js";
import { acquireEmbeddedServer } from "../postgres/embedded/server.js";

/** A database to write to, for as long as a command needs it. */
export interface Target {
  readonly url: string;
  readonly embedded: boolean;
  /** Lines that tell how to look at the data. */
  readonly lookAt: readonly string[];
  release(): Promise<void>;
}

/** Adds --database-url. */
export function withDatabaseOption(command: Command): Command {
  return command.option("--database-url <url>", "the database to use; else DATABASE_URL, else the embedded Postgres");
}

/** The database that a command is to use: the one named, else DATABASE_URL, else the embedded Postgres. */
export async function openDatabase(
  named: string | undefined,
  options: { readonly signal: AbortSignal; readonly onNotice: (text: string) => void },
): Promise<Target> {
  const url = named ?? process.env["DATABASE_URL"];
  if (url) return { url, embedded: false, lookAt: [`psql "${redactUrl(url)}"`], release: async () => {} };
  const server = await acquireEmbeddedServer({ home: embeddedHome(process.env, process.cwd()), ...options });
  return {
    url: server.url,
    embedded: true,
    lookAt: ["npx seed-bulk db start", `psql "${server.url}"`],
    release: () => server.release(),
  };
}

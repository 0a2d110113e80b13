import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { SeedBulkError } from "../errors.js";

type Env = Readonly<Record<string, string | undefined>>;

/** What is taken from a project's .env: which database, and that it may be filled. All else is the project's own matter. */
const OURS = /^(DATABASE_URL|PG[A-Z]+|SEED_BULK_[A-Z_]+|MOCK_DATA_ENABLED)$/;

/** Names whose values a .env has given. */
const FROM_FILE = new Set<string>();

/**
 * Takes what concerns us from the file .env of a folder, as far as the environment does not say it.
 * @param env is changed
 */
export function takeDotEnv(folder: string, env: NodeJS.ProcessEnv): void {
  const path = join(folder, ".env");
  if (!existsSync(path)) return;
  for (const [name, value] of Object.entries(parseEnv(readFileSync(path, "utf8")))) {
    if (!OURS.test(name) || env[name] !== undefined) continue;
    env[name] = value;
    FROM_FILE.add(name);
  }
}

/** A database that the environment names. */
export interface NamedDatabase {
  readonly url: string;
  /** What named it, in words for people: `DATABASE_URL in .env`. */
  readonly from: string;
}

/** What names a database by itself; the other variables of libpq only say more of it. */
const NAMING = ["PGSERVICE", "PGHOST", "PGHOSTADDR", "PGDATABASE"] as const;

/** The variable that a config file says to take, and which file does. */
let chosen: { readonly name: string; readonly by: string } | undefined;

/** Takes the database from a variable of another name than DATABASE_URL. @param by what says so, in words */
export function chooseVariable(name: string, by: string): void {
  chosen = { name, by };
}

/**
 * The database that the environment names, as psql reads it: DATABASE_URL, else libpq's variables and its service file. A
 * password may stand in PGPASSWORD or ~/.pgpass.
 * @returns undefined where it names none
 * @throws SeedBulkError SB_DATABASE_URL_INVALID where a service is named that no file has
 */
export function databaseOfEnvironment(env: Env): NamedDatabase | undefined {
  if (chosen !== undefined) {
    const url = env[chosen.name];
    if (url) return { url, from: `${chosen.name}, as ${chosen.by} says` };
    throw new SeedBulkError(
      "SB_DATABASE_URL_INVALID",
      `${chosen.by} takes the database from ${chosen.name}, which is not set`,
      {
        hint: `Set ${chosen.name}, or name the database with --database-url.`,
      },
    );
  }
  const url = env["DATABASE_URL"];
  if (url) return { url, from: told(["DATABASE_URL"]) };
  const naming = NAMING.filter((name) => env[name]);
  if (naming.length === 0) return undefined;
  const service = env["PGSERVICE"] ? serviceOf(env["PGSERVICE"], env) : {};
  const read = (variable: string, key: string): string | undefined => env[variable] || service[key];
  const user = read("PGUSER", "user") ?? userInfo().username;
  const host = read("PGHOST", "host") ?? read("PGHOSTADDR", "hostaddr") ?? "localhost";
  const port = read("PGPORT", "port") ?? "5432";
  const database = read("PGDATABASE", "dbname") ?? user;
  const password = service["password"];
  const parameters = new URLSearchParams();
  for (const [variable, key] of [
    ["PGSSLMODE", "sslmode"],
    ["PGSSLROOTCERT", "sslrootcert"],
    ["PGSSLCERT", "sslcert"],
    ["PGSSLKEY", "sslkey"],
  ]) {
    const value = read(variable, key);
    if (value) parameters.set(key, value);
  }
  const isSocket = host.startsWith("/");
  if (isSocket) {
    parameters.set("host", host);
    parameters.set("port", port);
  }
  const who = `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ""}`;
  // An address of IPv6 stands in brackets.
  const where = isSocket ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const more = parameters.size > 0 ? `?${parameters}` : "";
  return { url: `postgresql://${who}@${where}/${encodeURIComponent(database)}${more}`, from: told(naming) };
}

function told(names: readonly string[]): string {
  const inFile = names.some((name) => FROM_FILE.has(name));
  return `${names.join(" and ")}${inFile ? " in .env" : ""}`;
}

/** A service of libpq's file: `[name]`, then `key=value` a line. */
function serviceOf(name: string, env: Env): Readonly<Record<string, string>> {
  const files = [
    env["PGSERVICEFILE"] || join(homedir(), ".pg_service.conf"),
    ...(env["PGSYSCONFDIR"] ? [join(env["PGSYSCONFDIR"], "pg_service.conf")] : []),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    let section: string | undefined;
    const found: Record<string, string> = {};
    let isThere = false;
    for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
      const [, heading] = /^\s*\[([^\]]+)\]\s*$/.exec(line) ?? [];
      const [, key, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (heading !== undefined) section = heading;
      isThere ||= heading === name;
      if (section === name && key !== undefined) found[key] = value;
    }
    if (isThere) return found;
  }
  throw new SeedBulkError("SB_DATABASE_URL_INVALID", `PGSERVICE names "${name}", and no service file has it`, {
    hint: `Looked in ${files.join(" and ")}.`,
  });
}

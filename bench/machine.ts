import { execFile } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import type pg from "pg";

/** What figures depend on besides the program. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
}

/** A server, as far as its speed depends on it. */
export interface ServerFacts {
  readonly version: string;
  readonly embedded: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

/** Describes this machine. */
export function thisMachine(): Machine {
  const limitBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), limitBytes),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  };
}

/** Settings that a load's speed depends on. */
const SETTINGS = [
  "autovacuum",
  "checkpoint_timeout",
  "fsync",
  "full_page_writes",
  "jit",
  "maintenance_work_mem",
  "max_parallel_maintenance_workers",
  "max_wal_size",
  "shared_buffers",
  "synchronous_commit",
  "wal_buffers",
  "wal_compression",
  "wal_level",
];

/** Asks a server for its version and the settings that matter. */
export async function serverFacts(client: pg.Client, embedded: boolean): Promise<ServerFacts> {
  const { rows } = await client.query<{ name: string; value: string }>(
    "SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1) ORDER BY name",
    [SETTINGS],
  );
  const { rows: version } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  const settings = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  return { version: version[0].version, embedded, settings };
}

/** The commit of a checkout; null elsewhere. */
export async function commitOf(folder: string): Promise<{ hash: string; dirty: boolean } | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: folder, timeout: 10_000 })).stdout.trim();
  try {
    return { hash: await git("rev-parse", "HEAD"), dirty: (await git("status", "--porcelain")) !== "" };
  } catch {
    return null;
  }
}

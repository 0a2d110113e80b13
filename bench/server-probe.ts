import { readdirSync, readFileSync } from "node:fs";
import type pg from "pg";
import { connect } from "../src/postgres/connection.js";

/** What a server did during a measurement. */
export interface ServerWork {
  readonly walBytes: number;
  /** Of all its processes; null where they cannot be seen. */
  readonly cpuSeconds: number | null;
  /** Share of the samples of busy backends by what they waited for; `CPU` where for nothing. */
  readonly waits: Readonly<Record<string, number>>;
}

/** Between two looks at what backends wait for. */
const SAMPLE_INTERVAL_MS = 100;
/** Ticks a second of /proc/<pid>/stat: 100 for user space on every Linux (USER_HZ), whatever the kernel's own rate. */
const TICKS_PER_SECOND = 100;

/** Watches a database's server from a connection of its own. */
export class ServerProbe {
  readonly client: pg.Client;
  /** The server's first process, where it runs on this machine and /proc shows it. */
  readonly postmaster: number | undefined;

  private constructor(client: pg.Client, postmaster: number | undefined) {
    this.client = client;
    this.postmaster = postmaster;
  }

  static async open(url: string): Promise<ServerProbe> {
    const client = await connect(url, "bench probe");
    const { rows } = await client.query<{ pid: number; database: string }>(
      "SELECT pg_backend_pid() AS pid, current_database() AS database",
    );
    return new ServerProbe(client, postmasterOf(rows[0].pid, rows[0].database));
  }

  /** Measures what the server does while work goes on. A checkpoint before it leaves nobody's pages to be written. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; server: ServerWork }> {
    await this.client.query("CHECKPOINT");
    const ticks = this.#ticks();
    const { rows: before } = await this.client.query<{ lsn: string }>("SELECT pg_current_wal_insert_lsn() AS lsn");
    const waits = new Map<string, number>();
    let sampling: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      sampling = sampling.then(() => this.#sample(waits)).catch(() => {});
    }, SAMPLE_INTERVAL_MS);
    let result: T;
    try {
      result = await work();
    } finally {
      clearInterval(timer);
      await sampling;
    }
    const { rows: after } = await this.client.query<{ bytes: number }>(
      "SELECT (pg_current_wal_insert_lsn() - $1::pg_lsn)::float8 AS bytes",
      [before[0].lsn],
    );
    const ended = this.#ticks();
    const cpuSeconds = ticks === null || ended === null ? null : (ended - ticks) / TICKS_PER_SECOND;
    return { result, server: { walBytes: after[0].bytes, cpuSeconds, waits: shares(waits) } };
  }

  async #sample(waits: Map<string, number>): Promise<void> {
    const { rows } = await this.client.query<{ wait: string; backends: number }>(
      "SELECT coalesce(wait_event_type || ':' || wait_event, 'CPU') AS wait, count(*)::int AS backends " +
        "FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() GROUP BY 1",
    );
    for (const { wait, backends } of rows) waits.set(wait, (waits.get(wait) ?? 0) + backends);
  }

  /** CPU ticks of the postmaster, of its live children, and of those that it has outlived. */
  #ticks(): number | null {
    if (this.postmaster === undefined) return null;
    const own = procStat(this.postmaster);
    if (own === undefined) return null;
    let ticks = own.ticks + own.reapedTicks;
    for (const name of readdirSync("/proc")) {
      const stat = /^\d+$/.test(name) ? procStat(Number(name)) : undefined;
      if (stat?.parent === this.postmaster) ticks += stat.ticks;
    }
    return ticks;
  }
}

/** The parent of a backend, where that is a process of this machine and serves that very database. */
function postmasterOf(backend: number, database: string): number | undefined {
  try {
    const commandLine = readFileSync(`/proc/${backend}/cmdline`, "utf8");
    // A server elsewhere has other processes under its numbers.
    if (!commandLine.startsWith("postgres: ") || !commandLine.includes(` ${database} `)) return undefined;
    return procStat(backend)?.parent;
  } catch {
    return undefined;
  }
}

function procStat(pid: number): { parent: number; ticks: number; reapedTicks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold brackets and spaces itself (proc_pid_stat(5)).
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return { parent: fields[1], ticks: fields[11] + fields[12], reapedTicks: fields[13] + fields[14] };
  } catch {
    return undefined;
  }
}

function shares(counts: ReadonlyMap<string, number>): Record<string, number> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return Object.fromEntries(sorted.map(([wait, count]) => [wait, count / total]));
}

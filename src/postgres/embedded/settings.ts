import { statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** What the settings are fitted to. */
export interface Machine {
  cores: number;
  memoryBytes: number;
  /** Free bytes where the data lies. */
  diskFreeBytes: number;
  /** Size of /dev/shm; 64 MiB in a container that nobody has told otherwise. */
  sharedMemoryBytes: number;
}

interface Setting {
  name: string;
  value: string | ((machine: Machine) => string);
  why: string;
}

/**
 * How the embedded server differs from Postgres as it comes: set for loading on a machine shared with the loader.
 * One rule bounds all of it: a SIGKILL of any Postgres process must lose nothing that was committed.
 */
export const LOADING_SETTINGS: readonly Setting[] = [
  {
    name: "fsync",
    value: "off",
    why: "the kernel keeps what a killed process has written; only a crash of the machine itself can damage data, and data is made again from its seed",
  },
  {
    name: "synchronous_commit",
    value: "on",
    why: "off would lose commits of the last 0.6 s when Postgres is killed, and with fsync off it measures no faster",
  },
  {
    name: "full_page_writes",
    value: "on",
    why: "a SIGKILL can cut an 8 KiB write between its two 4 KiB pages; rows loaded into new pages need no page images, so off measures no faster",
  },
  { name: "wal_level", value: "minimal", why: "nobody replicates from here; index builds then write no WAL" },
  { name: "max_wal_senders", value: "0", why: "wal_level minimal demands it" },
  {
    name: "max_wal_size",
    value: ({ diskFreeBytes }) => mib(clamp(diskFreeBytes / 10, { min: 256 * MIB, max: 8 * GIB })),
    why: "a load of some GB then runs without a checkpoint in the middle; never more than a tenth of the free disk",
  },
  { name: "checkpoint_timeout", value: "30min", why: "as max_wal_size: no checkpoint because of the clock" },
  {
    name: "shared_buffers",
    value: ({ memoryBytes }) => mib(clamp(memoryBytes / 4, { min: 32 * MIB, max: GIB })),
    why: "COPY writes through small rings, so more helps only index builds; a quarter of memory must not starve the loader",
  },
  {
    name: "maintenance_work_mem",
    value: ({ memoryBytes }) => mib(clamp(memoryBytes / 32, { min: 32 * MIB, max: 512 * MIB })),
    why: "each of up to 8 index builds at once may take this much",
  },
  {
    name: "max_parallel_maintenance_workers",
    value: ({ cores }) => String(clamp(Math.floor(cores / 2), { min: 0, max: 4 })),
    why: "indexes are built side by side, one a connection, but the largest outlasts the rest and then has the cores to itself",
  },
  {
    name: "max_parallel_workers_per_gather",
    value: ({ cores }) => String(clamp(Math.floor(cores / 2), { min: 0, max: 4 })),
    why: "checks that scan a whole table use the cores that loading has left idle",
  },
  {
    name: "dynamic_shared_memory_type",
    value: ({ sharedMemoryBytes }) => (sharedMemoryBytes < GIB ? "mmap" : "posix"),
    why: "a container's /dev/shm of 64 MB makes parallel queries fail; files in the data directory do not",
  },
  {
    name: "autovacuum_naptime",
    value: "10min",
    why: "a load ends with its own ANALYZE, so autovacuum stays out of its way, but still looks after a server that is kept up",
  },
  { name: "autovacuum_max_workers", value: "1", why: "as autovacuum_naptime: never more than one core" },
  { name: "autovacuum_vacuum_insert_threshold", value: "-1", why: "rows just loaded need no vacuum" },
  { name: "jit", value: "off", why: "compiling a query costs 0.1-1 s, more than most checks take" },
  { name: "max_connections", value: "100", why: "workers, index builds, tests and a psql or two" },
  { name: "unix_socket_permissions", value: "0700", why: "the socket trusts whoever can open it" },
  { name: "timezone", value: "UTC", why: "what psql shows must not depend on the machine" },
  { name: "log_timezone", value: "UTC", why: "as timezone" },
  { name: "log_checkpoints", value: "off", why: "the log is a file that only we cut short" },
  {
    name: "log_min_error_statement",
    value: "panic",
    why: "as log_checkpoints: one failed INSERT of many rows would fill it",
  },
];

/**
 * Writes postgresql.conf.
 * @param server where this server listens
 */
export function renderConfiguration(
  machine: Machine,
  server: { socketDir: string; port: number; listensOnTcp: boolean; hbaFile: string },
): string {
  const lines = LOADING_SETTINGS.map(({ name, value, why }) => {
    const text = typeof value === "string" ? value : value(machine);
    return `# ${why}\n${name} = ${quote(text)}`;
  });
  return [
    "# Written by seed-bulk whenever it starts the server. Settings of your own: ALTER SYSTEM SET …, which wins over this file.",
    ...lines,
    `unix_socket_directories = ${quote(server.socketDir)}`,
    `port = ${server.port}`,
    `listen_addresses = ${quote(server.listensOnTcp ? "127.0.0.1" : "")}`,
    `hba_file = ${quote(server.hbaFile)}`,
    "",
  ].join("\n");
}

/** Who may connect: whoever can open the socket, and over TCP whoever knows the password. */
export const HOST_BASED_AUTHENTICATION = [
  "# Written by seed-bulk whenever it starts the server.",
  "local all all trust",
  "host all all 127.0.0.1/32 scram-sha-256",
  "",
].join("\n");

/** @param dataDir a directory on the disk that holds the data */
export function thisMachine(dataDir: string): Machine {
  // Zero where no limit is set; in a container totalmem() is the host's.
  const limitBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const disk = statfsSync(dataDir);
  return {
    cores: availableParallelism(),
    memoryBytes: Math.min(totalmem(), limitBytes),
    diskFreeBytes: disk.bavail * disk.bsize,
    sharedMemoryBytes: sizeOfSharedMemory(),
  };
}

function sizeOfSharedMemory(): number {
  try {
    const shm = statfsSync("/dev/shm");
    return shm.blocks * shm.bsize;
  } catch {
    // macOS has no such mount, and no such limit.
    return Number.POSITIVE_INFINITY;
  }
}

function clamp(value: number, bounds: { min: number; max: number }): number {
  return Math.min(bounds.max, Math.max(bounds.min, value));
}

function mib(bytes: number): string {
  return `${Math.floor(bytes / MIB)}MB`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

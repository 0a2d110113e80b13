import { mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import { readIfExists, removeTree } from "../../platform/files.js";
import { throwIfAborted } from "../../platform/waiting.js";
import type { Binaries } from "./binaries.js";
import type { DataLocation } from "./location.js";
import { markAsOwn } from "./ownership.js";
import { giveTo, runAs, type ServerUser } from "./server-user.js";
import { EMBEDDED_ROLE } from "./url.js";

/** A data directory being made or thrown away; `data` itself is whole from the moment it exists. */
const DRAFT_PREFIX = "data.draft-";
const DRAFT_NAME = /^data\.draft-\d+(-removed)?$/;

/** Text sorts by code point and knows upper case of every script, the same on every machine. */
const INITDB_OPTIONS = [
  `--username=${EMBEDDED_ROLE}`,
  "--auth-local=trust",
  "--auth-host=reject",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  // The server runs with fsync off (settings.ts says why), so flushing the new files would add only time.
  "--no-sync",
  "--no-instructions",
];

/**
 * Makes the data directory by initdb: 0.5 s.
 * @throws SB_EMBEDDED_FAILED with what initdb said
 */
export async function initialiseCluster(options: {
  location: DataLocation;
  binaries: Binaries;
  user: ServerUser;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { location, binaries, user, signal } = options;
  await removeDrafts(location);
  const draft = join(location.root, `${DRAFT_PREFIX}${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  giveTo(user, draft);
  const initdb = await runAs(user, { command: binaries.initdb, args: ["-D", draft, ...INITDB_OPTIONS], signal });
  if (initdb.isOk) {
    markAsOwn(draft);
    renameSync(draft, location.dataDir);
    return;
  }
  await removeDrafts(location);
  throwIfAborted(signal);
  throw new SeedBulkError("SB_EMBEDDED_FAILED", `initdb failed in ${location.root}:\n${initdb.output.trim()}`, {
    cause: initdb.cause,
    hint: "If the disk is not full, pass --database-url to use a Postgres of your own.",
  });
}

/**
 * Whether the data directory, which is ours, may be used. An empty one is removed, so that it can be made.
 * @throws SB_EMBEDDED_FAILED when it is damaged or of another major version of Postgres
 */
export function isUsableCluster(location: DataLocation, binaries: Binaries): boolean {
  const { dataDir } = location;
  const version = readIfExists(join(dataDir, "PG_VERSION"))?.trim();
  if (version === binaries.majorVersion) return true;
  if (version !== undefined) {
    throw new SeedBulkError(
      "SB_EMBEDDED_FAILED",
      `${dataDir} was made by Postgres ${version}; this seed-bulk runs Postgres ${binaries.majorVersion}`,
      {
        hint: "Remove it with all its data (seed-bulk db destroy --yes), or point SEED_BULK_HOME to another directory.",
      },
    );
  }
  if (readdirSync(dataDir).length > 0) {
    throw new SeedBulkError("SB_EMBEDDED_FAILED", `${dataDir} is not a Postgres data directory: no PG_VERSION`, {
      hint: "Nothing in it was touched. Set SEED_BULK_HOME to another directory, or pass --database-url.",
    });
  }
  rmdirSync(dataDir);
  return false;
}

/** Removes the data directory; what a crash leaves half removed is never taken for data. */
export async function removeCluster(location: DataLocation): Promise<void> {
  const draft = join(location.root, `${DRAFT_PREFIX}${process.pid}-removed`);
  renameSync(location.dataDir, draft);
  await removeDrafts(location);
}

async function removeDrafts(location: DataLocation): Promise<void> {
  for (const name of readdirSync(location.root)) {
    if (!DRAFT_NAME.test(name)) continue;
    // An initdb whose parent was killed may still be writing here; it fails once its directory is gone.
    await removeTree(join(location.root, name));
  }
}

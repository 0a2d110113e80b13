import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeedBulkError } from "../../errors.js";
import type { HomePaths } from "./home.js";
import type { DataLocation } from "./location.js";

/** Stands in each data directory that our initdb made; Postgres leaves alone what it does not know. */
const MARK_NAME = "seed-bulk.mark";

/** What the embedded server keeps beside its data: a home may be a directory that holds somebody's `embedded/` already. */
const OWN_NAME =
  /^(users|keep|boot|server\.log(\.1)?|password(\..*)?|location\.json|programs|(pg_hba|postgresql)\.conf(\..*)?|probe-.*)$/;

/** Marks a data directory as ours, before it gets its name. */
export function markAsOwn(dataDir: string): void {
  // As a new file: were we root, a link that the server's user had put there would be followed.
  writeFileSync(join(dataDir, MARK_NAME), "seed-bulk made this data directory\n", { flag: "wx" });
}

/** Whether a file beside the data is one that the embedded server keeps, by its name. */
export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

/**
 * Refuses data that we did not make: it is neither started, stopped nor removed. An empty directory is nobody's.
 * @throws SeedBulkError SB_EMBEDDED_FAILED
 */
export function refuseForeign(paths: HomePaths, location: DataLocation): void {
  const { dataDir, root } = location;
  // Homes from before there was a mark have the note of their first start. What root keeps elsewhere is root's alone.
  if (root !== paths.root || existsSync(join(dataDir, MARK_NAME)) || existsSync(paths.boot)) return;
  if (readdirSync(dataDir).length === 0) return;
  throw new SeedBulkError("SB_EMBEDDED_FAILED", `${dataDir} was not made by seed-bulk`, {
    hint: "Nothing in it was touched. Set SEED_BULK_HOME to another directory, or pass --database-url.",
  });
}

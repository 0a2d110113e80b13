import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { SeedBulkError } from "../errors.js";

/** What a config file may be called; it lies where the commands are typed. */
const NAMES = ["yaml", "yml", "ts", "mts", "js", "mjs"].map((extension) => `seed-bulk.config.${extension}`);

/**
 * The config file of a folder, if it has one.
 * @param named another file, by its path
 * @throws SeedBulkError SB_USAGE where there are several
 */
export function findConfig(folder: string, named: string | undefined): string | undefined {
  if (named !== undefined) return resolve(folder, named);
  const found = NAMES.filter((name) => existsSync(resolve(folder, name)));
  if (found.length < 2) return found[0] && resolve(folder, found[0]);
  throw new SeedBulkError("SB_USAGE", `there are several config files here: ${found.join(", ")}`, {
    hint: "Keep one of them, or name it with --config.",
  });
}

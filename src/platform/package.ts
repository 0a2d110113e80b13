import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../errors.js";

/** The package's root: two levels above this file in source, three in dist. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    assert(folder !== dirname(folder), "the program lies in its own package");
    folder = dirname(folder);
  }
  return folder;
}

function isRoot(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name === "seed-bulk";
  } catch {
    return false;
  }
}

/** The package's version. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")).version;
}

/** Where scenarios are looked up by name: those of the working directory, then the package's own. */
export function scenarioDirs(): string[] {
  return [resolve("scenarios"), join(packageRoot(), "scenarios")].filter((dir, i, all) => all.indexOf(dir) === i);
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ListedScenario } from "../model/scenario/index.js";
import { packageRoot } from "../platform/package.js";
import { estimateOf } from "./estimate.js";

/** What a scenario's plan comes to; null where it is not one of the package's own, and its plan would have to be made. */
export interface Size {
  readonly rows: number | null;
  /** Of binary COPY. */
  readonly bytes: number | null;
  readonly secondsEstimated: number | null;
}

/** A scenario and what it comes to, without its plan. */
export function sized<T extends Pick<ListedScenario, "file" | "model" | "name">>(scenario: T): T & Size {
  const own = scenario.file.startsWith(join(packageRoot(), "scenarios"));
  const size = own ? sizesOfPackage()[`${scenario.model}/${scenario.name}`] : undefined;
  if (size === undefined) return { ...scenario, rows: null, bytes: null, secondsEstimated: null };
  const { seconds } = estimateOf({ rows: size.rows, bytesEstimated: size.bytes }, process.env);
  return { ...scenario, ...size, secondsEstimated: seconds };
}

/** What a newcomer begins with first, then by size; a user's own, whose size nobody knows, before all. */
export function inOrder<T extends Pick<Size, "rows"> & { readonly name: string }>(scenarios: readonly T[]): T[] {
  const rank = ({ name, rows }: T): number => (rows === null ? -2 : name === "demo" ? -1 : rows);
  return [...scenarios].sort((a, b) => rank(a) - rank(b));
}

/** Made with the documents: plans of all scenarios take a quarter of a minute. */
function sizesOfPackage(): Readonly<Record<string, { readonly rows: number; readonly bytes: number } | undefined>> {
  const file = join(packageRoot(), "scenarios/sizes.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

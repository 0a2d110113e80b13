import { type MapEntry, type MapNode, originAt } from "./nodes.js";
import type { Origin } from "./origin.js";

/** What the command line puts in place of a scenario's own values. */
export interface ScenarioOverrides {
  readonly seed?: number | undefined;
  /** A number > 0 that the model's scaled sizes are multiplied by. */
  readonly scale?: number | undefined;
  /** The window's first moment, included: `YYYY-MM-DD` or an ISO instant. */
  readonly from?: string | undefined;
  /** The window's end, not included. */
  readonly to?: string | undefined;
  readonly schema?: string | undefined;
  /** Single sizes by name, before the scale multiplies them. */
  readonly sizes?: Readonly<Record<string, number>> | undefined;
  readonly features?: Readonly<Record<string, boolean>> | undefined;
  /** Rates of anomalies by name. */
  readonly anomalies?: Readonly<Record<string, number>> | undefined;
}

/**
 * The command line as a tree to merge over the scenario's: it is then checked and reported on as YAML is.
 * @param extended the scenario's own tree; a value that is missing is reported there
 */
export function overridesNode(overrides: ScenarioOverrides, extended: MapNode): MapNode {
  const entries = new Map<string, MapEntry>();
  const scalar = (value: string | number | boolean, flag: string): MapEntry => {
    const origin: Origin = { kind: "commandLine", flag };
    return { keyOrigin: origin, node: { kind: "scalar", value, origin } };
  };
  const section = (key: string, children: Map<string, MapEntry>) => {
    if (children.size === 0) return;
    const origin = originAt(extended, [key]);
    entries.set(key, { keyOrigin: origin, node: { kind: "map", entries: children, origin } });
  };
  const window = new Map<string, MapEntry>();
  if (overrides.from !== undefined) window.set("from", scalar(overrides.from, "--from"));
  if (overrides.to !== undefined) window.set("to", scalar(overrides.to, "--to"));
  const sizes = new Map<string, MapEntry>();
  for (const [name, size] of Object.entries(overrides.sizes ?? {})) sizes.set(name, scalar(size, `--size ${name}`));
  const features = new Map<string, MapEntry>();
  for (const [name, on] of Object.entries(overrides.features ?? {})) features.set(name, scalar(on, "--feature"));
  const anomalies = new Map<string, MapEntry>();
  for (const [name, rate] of Object.entries(overrides.anomalies ?? {})) {
    const origin: Origin = { kind: "commandLine", flag: "--anomaly" };
    const entries = new Map([["rate", scalar(rate, "--anomaly")]]);
    anomalies.set(name, { keyOrigin: origin, node: { kind: "map", entries, origin } });
  }
  section("window", window);
  section("sizes", sizes);
  section("features", features);
  section("anomalies", anomalies);
  if (overrides.seed !== undefined) entries.set("seed", scalar(overrides.seed, "--seed"));
  if (overrides.schema !== undefined) entries.set("schema", scalar(overrides.schema, "--schema"));
  return { kind: "map", entries, origin: extended.origin };
}

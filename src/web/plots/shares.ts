import type { Cell, Check } from "../api/types.js";
import { groupBy } from "../text/group-by.js";

/** What a plot shows: a count by label, as found and as configured. */
export interface Shares {
  readonly title: string;
  readonly kind: "calendar" | "funnel" | "zipf" | "statuses";
  readonly isOk: boolean;
  /** What was found, in the check's words. */
  readonly found: string;
  /** What shares are of; null where counts are compared. */
  readonly total: number | null;
  readonly cells: readonly Cell[];
}

/** A group of plots and what they are about. */
export interface ShareGroup {
  readonly heading: string;
  readonly plots: readonly Shares[];
}

const HEADINGS = [
  ["funnel", "Funnels: how many get how far"],
  ["calendar", "Calendar: when things happen"],
  ["zipf", "Skew: how much the most popular get"],
  ["statuses", "Statuses and other choices"],
] as const;

/** All that a report's checks compare label by label, by kind. */
export function shareGroups(checks: readonly Check[]): ShareGroup[] {
  const all = [...funnels(checks), ...checks.flatMap(sharesOf)];
  return HEADINGS.map(([kind, heading]) => ({ heading, plots: all.filter((plot) => plot.kind === kind) })).filter(
    ({ plots }) => plots.length > 0,
  );
}

function sharesOf({ name, kind, ok, found, rowsChecked, cells = [] }: Check): Shares[] {
  if (cells.length === 0 || kind === "share") return [];
  const title = name.replace(/^\w+ of /, "");
  const common = { title, isOk: ok, found, total: rowsChecked };
  if (kind === "calendar") return [{ ...common, kind, cells: cells.toSorted((a, b) => place(a) - place(b)) }];
  return [{ ...common, kind: kind === "skew" ? "zipf" : "statuses", cells }];
}

/** A table's counts that a share of another's rows fixes, the largest first. */
function funnels(checks: readonly Check[]): Shares[] {
  const counted = checks.filter(({ kind }) => kind === "share");
  return groupBy(counted, ({ entity }) => entity ?? "").flatMap(([entity, group]): Shares[] => {
    const cells = group.flatMap(({ cells = [] }) => cells).toSorted((a, b) => b.expected - a.expected);
    if (cells.length === 0) return [];
    const found = group.flatMap(({ ok, name, found }) => (ok ? [] : `${name}: ${found}`)).join("; ");
    return [{ title: entity, kind: "funnel", isOk: group.every(({ ok }) => ok), found, total: null, cells }];
  });
}

const ORDER = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun".split(" ");

/** Months, weekdays from Monday on, hours. */
function place({ label }: Cell): number {
  const at = ORDER.indexOf(label);
  return at >= 0 ? at : ORDER.length + Number.parseInt(label, 10);
}

import { withThousands } from "../../core/thousands.js";
import type { PlannedEntity } from "../../model/plan.js";
import type { CheckResult } from "../result.js";
import type { DescribedRow } from "./describe.js";
import type { Comparison } from "./difference.js";

/** A value in a line is cut to this many characters; the offending rows have it whole. */
const VALUE_CHARACTERS_MAX = 60;

/** What became of one table. */
export interface ComparedTable {
  readonly planned: PlannedEntity;
  readonly comparison: Comparison;
  readonly seconds: number;
  /** Why the table could not be read. */
  readonly problem: string | undefined;
  /** More rows may differ than were counted. */
  readonly isPartial: boolean;
  readonly idColumn: string | undefined;
}

/** A compared table as a check's result. */
export function checkResult(table: ComparedTable, rows: readonly DescribedRow[]): CheckResult {
  const { planned, comparison, seconds, problem } = table;
  const { entity } = planned;
  const { differing, missing, additional } = comparison;
  const ok = problem === undefined && differing + missing + additional === 0;
  const first = rows.at(0);
  const told = first && tell(first, table.idColumn);
  return {
    name: `exact ${entity}`,
    kind: "exact",
    entity,
    ok,
    found: problem ?? (ok ? `${count(comparison.rows, "row")}, equal byte for byte` : summary(table, told?.found)),
    expected: `${count(planned.rows, "row")} as planned${told ? `; ${told.expected}` : ""}`,
    rowsChecked: comparison.rows,
    seconds,
    offending: rows.map(offendingRow),
  };
}

function summary({ comparison, isPartial }: ComparedTable, first: string | undefined): string {
  const { differing, missing, additional } = comparison;
  const parts = [
    differing > 0 ? `${count(differing, "row")} ${differing === 1 ? "differs" : "differ"}` : "",
    missing > 0 ? `${count(missing, "row")} missing` : "",
    additional > 0 ? `${count(additional, "row")} too many` : "",
  ].filter(Boolean);
  const told = first === undefined ? "" : `; first, ${first}`;
  return `${isPartial ? "at least " : ""}${parts.join(", ")}${told}`;
}

/** The first row that is wrong, on either side. */
function tell({ kind, values, columns }: DescribedRow, idColumn: string | undefined) {
  const name = idColumn ?? Object.keys(values)[0];
  const where = `${name} ${values[name]}`;
  if (kind === "missing") return { found: `${where} is missing`, expected: `${where} is there` };
  if (kind === "additional") return { found: `${where} is there`, expected: `no ${where}` };
  const list = (side: "found" | "expected"): string =>
    columns.map((column) => `${column.column} is ${quote(column[side])}`).join(", ");
  return { found: `${where}: ${list("found")}`, expected: `${where}: ${list("expected")}` };
}

/** All columns as found; behind each that differs, what it should be. */
function offendingRow({ kind, values, columns }: DescribedRow): Record<string, string | null> {
  const due = new Map(columns.map(({ column, expected }) => [column, expected]));
  return {
    difference: kind,
    ...Object.fromEntries(
      Object.entries(values).flatMap(([column, value]): [string, string | null][] =>
        due.has(column)
          ? [
              [column, value],
              [`${column} (should be)`, due.get(column) ?? null],
            ]
          : [[column, value]],
      ),
    ),
  };
}

function quote(value: string | null): string {
  if (value === null) return "NULL";
  return value.length > VALUE_CHARACTERS_MAX ? `'${value.slice(0, VALUE_CHARACTERS_MAX)}…'` : `'${value}'`;
}

function count(value: number, noun: string): string {
  return `${withThousands(value)} ${noun}${value === 1 ? "" : "s"}`;
}

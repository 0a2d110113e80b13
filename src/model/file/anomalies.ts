import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, hidden } from "../../columns/column.js";
import { format } from "../../columns/format.js";
import type { ModelAnomaly } from "../anomalies.js";
import type { AnomalyDeclaration } from "./declaration.js";
import type { ColumnDeclaration, Strike, Tell } from "./table.js";

/** What a table's anomalies come to: columns of their own, and what they do to others. */
export interface TableAnomalies {
  readonly anomalies: readonly ModelAnomaly[];
  readonly columns: ReadonlyMap<string, Column>;
  readonly strikes: ReadonlyMap<string, readonly Strike[]>;
}

const CODE = "anomaly$";

/**
 * Reads a table's anomalies.
 * @param around.moment the table's first stored moment, when an anomaly shows where it does not say
 */
export function readAnomalies(
  table: string,
  declared: Readonly<Record<string, AnomalyDeclaration>>,
  around: {
    /** Whether the table declares a column that it stores, be it faulty or not. */
    isStored(column: string): boolean;
    readonly moment: string | undefined;
    readonly hasId: boolean;
    readColumn(given: unknown, at: readonly PropertyKey[]): ColumnDeclaration | Column | undefined;
    readonly tell: Tell;
  },
): TableAnomalies {
  const { isStored, moment, hasId, readColumn, tell } = around;
  const added = new Map<string, Column>();
  const strikes = new Map<string, Strike[]>();
  const anomalies: ModelAnomaly[] = [];
  for (const [name, anomaly] of Object.entries(declared)) {
    const at = ["tables", table, "anomalies", name];
    if (!/^[a-z]\w{0,50}$/i.test(name)) tell(at, "expected a name of letters, digits and _");
    if (!hasId) tell(at, `expected ${table} to have an id: labels name the rows that are struck by it`);
    const since = anomaly.since ?? moment;
    if (since === undefined) tell(at, "expected since: the path of a moment, which the table has none of");
    added.set(CODE, hidden(anomalyOf()));
    const flag = `is$${name}`;
    added.set(flag, hidden(struck(name, CODE)));
    if (anomaly.detail !== undefined)
      added.set(`${name}$detail`, hidden(detailOf(anomaly.detail, [...at, "detail"], tell)));
    for (const [column, given] of Object.entries(anomaly.set)) {
      const where = [...at, "set", column];
      if (!isStored(column)) tell(where, `${table} has no stored column ${column}`);
      const value = given === null ? null : readColumn(given, where);
      if (value !== undefined)
        strikes.set(column, [...(strikes.get(column) ?? []), { flag, declared: value, anomaly: name }]);
    }
    const { rate, about = name.replaceAll("_", " "), kind = "error_incident", when, bursts, until } = anomaly;
    anomalies.push({
      name,
      kind,
      entity: table,
      about,
      rate,
      bursts: true,
      ...(when !== undefined && { usually: when }),
      ...(bursts !== undefined && { burstCount: bursts }),
      since: since ?? "",
      until: until ?? since ?? "",
      ...(anomaly.detail !== undefined && { detail: `${name}$detail` }),
    });
  }
  return { anomalies, columns: added, strikes };
}

function detailOf(template: string, at: readonly PropertyKey[], tell: Tell): Column {
  try {
    return format(template);
  } catch (error) {
    tell(at, (error as Error).message.replace(/^assertion failed: /, ""));
    return format("");
  }
}

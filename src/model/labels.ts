import {
  type AnomalyFacts,
  type BindContext,
  type Column,
  hidden,
  type RowProgram,
  type Rows,
} from "../columns/column.js";
import { id } from "../columns/keys.js";
import { codes, numbers, numbersOf } from "../columns/values.js";
import { digitCount, writeDigits } from "../core/bytes.js";
import { INT8, TEXT, TIMESTAMPTZ } from "../core/sql-type.js";
import { gatherInto, type NumberVector, reserveBytes, type TextVector, textVector } from "../core/vectors.js";
import { LABELS_TABLE, type ModelAnomaly } from "./anomalies.js";
import { type Entity, entity } from "./entity.js";

/** The table that tells which rows anomalies struck or added: ground truth for whoever tries to find them. */
export function labelsOf(anomalies: readonly ModelAnomaly[]): Entity {
  const label = (text: (anomaly: ModelAnomaly) => string, about: string): Column => labelColumn(anomalies, text, about);
  return entity(LABELS_TABLE, {
    comment: "Ground truth: every row that an injected anomaly struck or added, and how it shows",
    rows: { kind: "labels" },
    columns: {
      id: id(),
      name: label(({ name }) => name, "the anomaly's name in the scenario"),
      kind: label(({ kind }) => kind, "the kind of anomaly"),
      entity: label(({ entity }) => entity, "the table that the row is in"),
      row: hidden(row(anomalies)),
      row_id: rowId(anomalies),
      since: moment(anomalies, "since"),
      until: moment(anomalies, "until"),
      detail: detail(anomalies),
    },
    unique: [["entity", "row_id", "name"]],
    indexes: [["kind"]],
  });
}

/** The path of the row that a copy repeats. */
const REPEATED = "$source";

/** Of a whole number that a double holds exactly. */
const DIGITS_MAX = 16;

const COPY_OF = new TextEncoder().encode("copy of ");

/** Labels of one anomaly, which stand together: rows `[start, end)` of the table. */
interface Stretch {
  readonly anomaly: ModelAnomaly;
  readonly facts: AnomalyFacts;
  readonly start: number;
  readonly end: number;
}

function stretchesOf(context: BindContext, anomalies: readonly ModelAnomaly[]): Stretch[] {
  let end = 0;
  return anomalies.flatMap((anomaly) => {
    if (!context.hasEntity(anomaly.entity)) return [];
    const facts = context.anomaly(anomaly.name);
    const start = end;
    end += facts.count;
    return [{ anomaly, facts, start, end }];
  });
}

function stretchAt(stretches: readonly Stretch[], row: number): number {
  let at = 0;
  while (row >= stretches[at].end) at++;
  return at;
}

function labelColumn(
  anomalies: readonly ModelAnomaly[],
  text: (anomaly: ModelAnomaly) => string,
  about: string,
): Column {
  const labels = anomalies.map(text);
  return codes({ type: TEXT, labels, about }, (context) => {
    const stretches = stretchesOf(context, anomalies);
    const codeOf = stretches.map(({ anomaly }) => anomalies.indexOf(anomaly));
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = codeOf[stretchAt(stretches, rowIndexes[i])];
    };
  });
}

/** The row's index in its own table: finding it may take microseconds, and several columns need it. */
function row(anomalies: readonly ModelAnomaly[]): Column {
  return numbers({ type: INT8, about: "the index of the row that shows the anomaly" }, (context) => {
    const stretches = stretchesOf(context, anomalies);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const { facts, start } = stretches[stretchAt(stretches, rowIndexes[i])];
        out[i] = facts.rowOf(rowIndexes[i] - start);
      }
    };
  });
}

function rowId(anomalies: readonly ModelAnomaly[]): Column {
  return numbers(
    { type: INT8, reads: ["row"], about: "the ID of the row that shows the anomaly" },
    (context, inputs) => {
      const stretches = stretchesOf(context, anomalies);
      const firstIds = stretches.map(({ anomaly }) => context.entity(anomaly.entity).firstId);
      const found = numbersOf(inputs, 0).values;
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstIds[stretchAt(stretches, rowIndexes[i])] + found[i];
      };
    },
  );
}

function moment(anomalies: readonly ModelAnomaly[], bound: "since" | "until"): Column {
  const about = bound === "since" ? "when the anomaly began to show" : "when it was over";
  return numbers({ type: TIMESTAMPTZ, reads: ["row"], about, nullable: true }, (context, inputs) => {
    const reader = rowReader(context, anomalies, { part: bound, found: numbersOf(inputs, 0).values });
    return (rows, out, nulls) => {
      nulls.flags.fill(0);
      reader(rows, (program, path, count, from) => {
        const vector = program.vector(path) as NumberVector;
        out.set(vector.values.subarray(0, count), from);
        if (!vector.nulls.any) return;
        nulls.any = true;
        nulls.flags.set(vector.nulls.flags.subarray(0, count), from);
      });
    };
  });
}

function detail(anomalies: readonly ModelAnomaly[]): Column {
  return {
    type: TEXT,
    reads: ["row"],
    about: "how the anomaly shows",
    bind(context, inputs) {
      const reader = rowReader(context, anomalies, { part: "detail", found: numbersOf(inputs, 0).values });
      const out = textVector();
      return {
        out,
        fill: (rows) =>
          reader(rows, (program, path, count, from) => {
            const vector = program.vector(path);
            gatherInto(vector.kind === "number" ? copiesOf(vector, count) : vector, count, out, from);
          }),
      };
    },
  };
}

/** `copy of 17`: the verifier reads the number again. */
function copiesOf({ values }: NumberVector, count: number): TextVector {
  const out = textVector();
  reserveBytes(out, count * (COPY_OF.length + DIGITS_MAX));
  let end = 0;
  for (let i = 0; i < count; i++) {
    out.bytes.set(COPY_OF, end);
    const digits = digitCount(values[i]);
    writeDigits(values[i], digits, out.bytes, end + COPY_OF.length);
    end += COPY_OF.length + digits;
    out.offsets[i + 1] = end;
  }
  return out;
}

/**
 * Computes a path of the struck rows themselves, a run of labels of one anomaly after another.
 * @param found the batch's rows in their own tables
 * @returns a function that hands each run over: `count` values, which belong at `from` of the batch
 */
function rowReader(
  context: BindContext,
  anomalies: readonly ModelAnomaly[],
  { part, found }: { readonly part: "since" | "until" | "detail"; readonly found: Float64Array },
) {
  const stretches = stretchesOf(context, anomalies);
  const paths = stretches.map(({ anomaly }) => anomaly[part] ?? REPEATED);
  const programs = stretches.map(({ anomaly }, at) => context.program(anomaly.entity, [paths[at]]));
  return (
    { rowIndexes, count }: Rows,
    take: (program: RowProgram, path: string, count: number, from: number) => void,
  ): void => {
    for (let from = 0; from < count; ) {
      const at = stretchAt(stretches, rowIndexes[from]);
      const { start, end } = stretches[at];
      const { ownIndexes } = programs[at].rows;
      let taken = 0;
      while (from + taken < count && rowIndexes[from + taken] >= start && rowIndexes[from + taken] < end) {
        ownIndexes[taken] = found[from + taken];
        taken++;
      }
      programs[at].runRows(taken);
      take(programs[at], paths[at], taken, from);
      from += taken;
    }
  };
}

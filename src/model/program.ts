import type { BindContext, RowProgram } from "../columns/column.js";
import type { FanOut } from "../core/fan-out.js";
import {
  BATCH_ROWS_MAX,
  copyNulls,
  gather,
  mergeNulls,
  type NumberVector,
  numberVector,
  textVector,
  type Vector,
  wordVector,
} from "../core/vectors.js";
import { assert, SeedBulkError } from "../errors.js";
import { type Entity, firstRow, leadsTo } from "./entity.js";
import type { AppendedRows } from "./injection.js";
import { listedName } from "./paths.js";

/**
 * Computes some columns of an entity for a batch: a fixed list of steps, worked out once. A step fills one column's
 * vector, finds the rows of a parent that the batch refers to, or spreads a parent's column over the batch.
 */
export interface EntityProgram extends RowProgram {
  readonly entity: Entity;
}

/** What programs are worked out from: a universe's entities and what their columns are bound to. */
export interface ProgramSource {
  entity(name: string): Entity;
  appendedRows(name: string): AppendedRows | undefined;
  fanOut(child: string): FanOut;
  bindContext(entity: Entity, column: string): BindContext;
  rowCount(name: string): number;
  /** Works something out under its name; fails where the same is being worked out already: a cycle. */
  within<T>(name: string, work: () => T): T;
}

/** The rows of one entity that a batch needs: its own, or those of a parent at the end of a path. */
interface Frame {
  readonly entity: Entity;
  readonly rows: RowProgram["rows"];
  /** The row that each row is made after, whose parent it shares: itself, save for rows that an anomaly adds. */
  readonly sources: Float64Array;
  readonly vectors: Map<string, Vector>;
  readonly parents: Map<string, ParentFrame>;
  /** `$parent` and `$ordinal`, once asked for. */
  owners?: { readonly parents: NumberVector; readonly ordinals: NumberVector };
}

/** A parent's frame, and for each row of the child's batch its row there. */
interface ParentFrame {
  readonly frame: Frame;
  readonly positions: Int32Array;
}

type Step = () => void;

/** Works out the program of some columns of an entity. */
export function programFor(source: ProgramSource, entity: Entity, columns: readonly string[]): EntityProgram {
  const steps: Step[] = [];
  const root = newFrame(source, steps, entity);
  for (const column of columns) resolve(source, steps, root, column);
  const runRows = (count: number): void => {
    root.rows.count = count;
    for (const step of steps) step();
  };
  return {
    entity,
    rows: root.rows,
    vector(column) {
      const vector = root.vectors.get(column);
      assert(vector !== undefined, `the program computes ${entity.name}.${column}`);
      return vector;
    },
    run(start, count) {
      assert(count <= BATCH_ROWS_MAX, `a batch has at most ${BATCH_ROWS_MAX} rows`);
      for (let i = 0; i < count; i++) root.rows.ownIndexes[i] = start + i;
      runRows(count);
    },
    runRows,
  };
}

function newFrame(source: ProgramSource, steps: Step[], entity: Entity): Frame {
  const ownIndexes = new Float64Array(BATCH_ROWS_MAX);
  const appended = source.appendedRows(entity.name);
  const sources = appended === undefined ? ownIndexes : new Float64Array(BATCH_ROWS_MAX);
  const rows = { rowIndexes: appended?.isCopy ? sources : ownIndexes, ownIndexes, count: 0 };
  if (appended !== undefined) {
    const { sourceOf } = appended;
    steps.push(() => {
      for (let i = 0; i < rows.count; i++) sources[i] = sourceOf(ownIndexes[i]);
    });
  }
  return { entity, rows, sources, vectors: new Map(), parents: new Map() };
}

/** The vector of a path seen from a frame; appends the steps that fill it, unless they are there already. */
function resolve(source: ProgramSource, steps: Step[], frame: Frame, path: string): Vector {
  const known = frame.vectors.get(path);
  if (known !== undefined) return known;
  const dot = path.indexOf(".");
  const [via, rest] = [path.slice(0, dot), path.slice(dot + 1)];
  const vector =
    dot >= 0
      ? Object.hasOwn(frame.entity.columns, listedName(via, rest))
        ? resolveColumn(source, steps, frame, listedName(via, rest))
        : resolveThrough(source, steps, frame, via, rest)
      : path.startsWith("$")
        ? resolveSpecial(source, steps, frame, path)
        : resolveColumn(source, steps, frame, path);
  frame.vectors.set(path, vector);
  return vector;
}

function resolveColumn(source: ProgramSource, steps: Step[], frame: Frame, name: string): Vector {
  const column = frame.entity.columns[name];
  assert(column !== undefined, `${frame.entity.name} has a column ${name}`);
  refuseEmptyTarget(source, frame.entity, name);
  const { out, fill } = source.within(`${frame.entity.name}.${name}`, () => {
    const inputs = column.reads.map((path) => resolve(source, steps, frame, path));
    return column.bind(source.bindContext(frame.entity, name), inputs);
  });
  const { rows } = frame;
  steps.push(() => fill(rows));
  return out;
}

/**
 * A reference that must be there needs a row to refer to. Sizes are the user's, so it is the user who is told.
 * @throws SeedBulkError SB_SCENARIO_INVALID
 */
function refuseEmptyTarget(source: ProgramSource, { name, columns }: Entity, column: string): void {
  const target = leadsTo(columns[column]);
  if (target === undefined || columns[column].nullable) return;
  const own = source.rowCount(name);
  if (own === 0 || source.rowCount(target) > 0) return;
  throw new SeedBulkError(
    "SB_SCENARIO_INVALID",
    `${name} would have ${own} rows whose ${column} refers to ${target}, which has none`,
    { hint: `Give ${target} rows, or ${name} none.` },
  );
}

function resolveSpecial(source: ProgramSource, steps: Step[], frame: Frame, path: string): Vector {
  return path === "$source" ? resolveSource(steps, frame) : resolveOwner(source, steps, frame, path);
}

/** The ID of the row that each row is made after. */
function resolveSource(steps: Step[], { entity, rows, sources }: Frame): Vector {
  const out = numberVector();
  steps.push(() => {
    for (let i = 0; i < rows.count; i++) out.values[i] = entity.firstId + sources[i];
  });
  return out;
}

function resolveOwner(source: ProgramSource, steps: Step[], frame: Frame, path: string): Vector {
  if (frame.owners === undefined) {
    const fanOut = source.fanOut(frame.entity.name);
    const owners = { parents: numberVector(), ordinals: numberVector() };
    const { rows, sources } = frame;
    steps.push(() => fanOut.locate(sources, rows.count, owners.parents.values, owners.ordinals.values));
    frame.owners = owners;
  }
  assert(path === "$parent" || path === "$ordinal", `${path} is $source, $parent or $ordinal`);
  return path === "$parent" ? frame.owners.parents : frame.owners.ordinals;
}

function resolveThrough(source: ProgramSource, steps: Step[], frame: Frame, via: string, rest: string): Vector {
  const link = resolve(source, steps, frame, via) as NumberVector;
  const target = targetOf(source, frame.entity, via);
  // An ID is the row's own number: no row of the parent has to be looked at for it.
  if (target.columns[rest]?.rowId)
    return resolveId(steps, frame, link, { from: firstRow(frame.entity.columns[via], target), to: target.firstId });
  let through = frame.parents.get(via);
  if (through === undefined) {
    through = parentFrame(source, steps, frame, { target, first: firstRow(frame.entity.columns[via], target), link });
    frame.parents.set(via, through);
  }
  const { frame: parent, positions } = through;
  const from = resolve(source, steps, parent, rest);
  const out = emptyLike(from);
  const { rows } = frame;
  steps.push(() => {
    gather(from, positions, rows.count, out);
    mergeNulls(link.nulls, out.nulls, rows.count);
  });
  return out;
}

function targetOf(source: ProgramSource, entity: Entity, via: string): Entity {
  const target = leadsTo(entity.columns[via]);
  assert(target !== undefined, `${entity.name}.${via} refers to an entity`);
  return source.entity(target);
}

/** The IDs of the rows that a link leads to, numbered from `from` there and from `to` as IDs. */
function resolveId(
  steps: Step[],
  { rows }: Frame,
  link: NumberVector,
  { from, to }: { readonly from: number; readonly to: number },
): Vector {
  if (from === to) return link;
  const out = numberVector();
  steps.push(() => {
    for (let i = 0; i < rows.count; i++) out.values[i] = link.values[i] - from + to;
    copyNulls(link.nulls, out.nulls, rows.count);
  });
  return out;
}

/** Rows of a target as a column of the batch names them: the first of them is `first`. */
interface LinkedRows {
  readonly target: Entity;
  readonly first: number;
  readonly link: NumberVector;
}

function parentFrame(
  source: ProgramSource,
  steps: Step[],
  frame: Frame,
  { target, first, link }: LinkedRows,
): ParentFrame {
  const find: Step[] = [];
  const parent = newFrame(source, find, target);
  const positions = new Int32Array(BATCH_ROWS_MAX);
  const { rows } = frame;
  // A table without rows has none that could stand in for a NULL: nothing is computed, and all of the batch is NULL.
  const isEmpty = source.rowCount(parent.entity.name) === 0;
  // Siblings stand together: a run of them needs its parent once.
  steps.push(() => {
    const { values, nulls } = link;
    const wanted = parent.rows.ownIndexes;
    let last = -1;
    let previous = Number.NaN;
    parent.rows.count = 0;
    if (isEmpty) return;
    for (let i = 0; i < rows.count; i++) {
      const value = nulls.any && nulls.flags[i] === 1 ? first : values[i];
      if (value !== previous) {
        wanted[++last] = value - first;
        previous = value;
      }
      positions[i] = last;
    }
    parent.rows.count = last + 1;
  });
  steps.push(...find);
  return { frame: parent, positions };
}

function emptyLike(vector: Vector): Vector {
  if (vector.kind === "number") return numberVector();
  return vector.kind === "word" ? wordVector(vector.dictionary) : textVector();
}

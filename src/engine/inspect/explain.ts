import type { Column } from "../../columns/column.js";
import { copied } from "../../columns/values.js";
import { type CellKey, cellBits } from "../../core/random.js";
import { typeText } from "../../core/sql-type.js";
import type { NumberVector } from "../../core/vectors.js";
import { assert } from "../../errors.js";
import { type Entity, firstRow, leadsTo } from "../../model/entity.js";
import type { Model } from "../../model/model.js";
import { stepsOf, typeOfPath } from "../../model/paths.js";
import { Universe } from "../../model/universe.js";
import { makeDictionaries } from "../dictionaries.js";
import { previewRows } from "./preview.js";

/** Where a row and its values come from; plain data. */
export interface Explanation {
  readonly scenario: string;
  readonly model: string;
  readonly seed: number;
  readonly entity: string;
  readonly id: number;
  /** The row's index, from 0. */
  readonly row: number;
  /** Rows of the entity in all. */
  readonly rows: number;
  /** Who owns the row, who owns that one, and so on. */
  readonly owners: readonly ExplainedOwner[];
  /** The rows that it refers to otherwise. */
  readonly references: readonly { readonly column: string; readonly entity: string; readonly id: number }[];
  /** Hidden ones, too; one alone where it was asked for. */
  readonly columns: readonly ExplainedColumn[];
}

/** A parent by fan-out. */
export interface ExplainedOwner {
  readonly entity: string;
  readonly id: number;
  /** The child whose parent it is. */
  readonly of: { readonly entity: string; readonly id: number };
  /** The child's column that holds the parent's ID; null where none does. */
  readonly via: string | null;
  /** Which of the parent's children the child is, from 0. */
  readonly ordinal: number;
  readonly children: number;
}

/** One cell. */
export interface ExplainedColumn {
  readonly entity: string;
  readonly id: number;
  readonly column: string;
  readonly type: string;
  readonly hidden: boolean;
  /** As Postgres prints it; null for NULL. */
  readonly value: string | null;
  readonly about: string;
  /** The keys it draws by, each with the cell's first 32 bits; none where it draws nothing. */
  readonly draws: readonly { readonly label: string | null; readonly key: string; readonly bits: string }[];
  /** The dictionaries its words are of. */
  readonly dictionaries: readonly string[];
  readonly reads: readonly ExplainedInput[];
}

/** A value that a column reads. */
export interface ExplainedInput {
  readonly path: string;
  readonly value: string | null;
  /** The cell that the path leads to; absent for `$parent` and `$ordinal`, and where the way there is NULL. */
  readonly cell?: { readonly entity: string; readonly id: number; readonly column: string };
  /** Where that cell's value comes from, where one column is explained in depth; once for each cell. */
  readonly from?: ExplainedColumn;
}

/**
 * Explains a row of an entity, without a database.
 * @param options.row from 0
 * @param options.column this column alone, and in depth: what it reads, what that reads, and so on
 */
export function explain(
  universe: Universe,
  options: { readonly entity: string; readonly row: number; readonly column?: string },
): Explanation {
  const { entity: name, row, column } = options;
  const entity = universe.entity(name);
  const rows = universe.rowCount(name);
  assert(row >= 0 && row < rows, `${name} has a row ${row}`);
  const explainer = new Explainer(universe);
  const { scenario, model } = universe;
  const names = Object.keys(entity.columns);
  return {
    scenario: scenario.name,
    model: model.name,
    seed: scenario.seed,
    entity: name,
    id: entity.firstId + row,
    row,
    rows,
    owners: explainer.owners(entity, row),
    references: explainer.references(entity, row),
    columns:
      column === undefined
        ? names.map((each) => explainer.column(entity, row, each))
        : [explainer.inDepth(entity, row, column)],
  };
}

class Explainer {
  readonly #universe: Universe;
  /** The same rows, with hidden columns and paths as columns that a preview shows. */
  readonly #shown: Universe;
  readonly #values = new Map<string, ReadonlyMap<string, string | null>>();
  readonly #told = new Set<string>();

  constructor(universe: Universe) {
    this.#universe = universe;
    this.#shown = new Universe(showAll(universe), universe.scenario, makeDictionaries(universe.model));
  }

  /** The row's owner, its owner's owner, and so on. */
  owners(entity: Entity, row: number): ExplainedOwner[] {
    const { rows } = entity;
    if (rows.kind !== "children") return [];
    const parent = this.#universe.entity(rows.parent);
    const { parentRow, ordinal } = this.#ownerOf(entity, row);
    const fanOut = this.#universe.fanOut(entity.name);
    const via = Object.entries(entity.columns).find(
      ([, column]) => leadsTo(column) === parent.name && column.reads.includes("$parent"),
    );
    return [
      {
        entity: parent.name,
        id: parent.firstId + parentRow,
        of: { entity: entity.name, id: entity.firstId + row },
        via: via?.[0] ?? null,
        ordinal,
        children: fanOut.start(parentRow + 1) - fanOut.start(parentRow),
      },
      ...this.owners(parent, parentRow),
    ];
  }

  /** The rows that the row's own columns refer to, its owner left out. */
  references(entity: Entity, row: number): { column: string; entity: string; id: number }[] {
    const values = this.#valuesOf(entity, row);
    return Object.entries(entity.columns).flatMap(([name, column]) => {
      const value = values.get(name) ?? null;
      const to = leadsTo(column);
      if (to === undefined || value === null || column.reads.includes("$parent")) return [];
      const target = this.#universe.entity(to);
      return [{ column: name, entity: to, id: target.firstId + Number(value) - firstRow(column, target) }];
    });
  }

  /** One cell, and the values it reads. */
  column(entity: Entity, row: number, name: string): ExplainedColumn {
    const column = entity.columns[name];
    assert(column !== undefined, `${entity.name} has a column ${name}`);
    const { keys, dictionaries } = this.#boundKeys(entity, name, column);
    return {
      entity: entity.name,
      id: entity.firstId + row,
      column: name,
      type: typeText(column.type),
      hidden: column.hidden ?? false,
      value: this.#valuesOf(entity, row).get(name) ?? null,
      about: column.about,
      draws: keys.map(([label, key]) => ({ label, key: keyHex(key), bits: hex32(cellBits(key, row, 0)) })),
      dictionaries,
      reads: column.reads.map((path) => this.#input(entity, row, path)),
    };
  }

  /** One cell and, for each value it reads, the cell that comes from; each cell once. */
  inDepth(entity: Entity, row: number, name: string): ExplainedColumn {
    this.#told.add(cellName(entity.name, row, name));
    const explained = this.column(entity, row, name);
    return {
      ...explained,
      reads: explained.reads.map((input) => {
        if (input.cell === undefined) return input;
        const from = this.#universe.entity(input.cell.entity);
        const fromRow = input.cell.id - from.firstId;
        if (this.#told.has(cellName(from.name, fromRow, input.cell.column))) return input;
        return { ...input, from: this.inDepth(from, fromRow, input.cell.column) };
      }),
    };
  }

  #input(entity: Entity, row: number, path: string): ExplainedInput {
    if (path.startsWith("$")) {
      const { parentRow, ordinal } = this.#ownerOf(entity, row);
      return { path, value: String(path === "$parent" ? parentRow : ordinal) };
    }
    const value = this.#valuesOf(entity, row).get(path) ?? null;
    const cell = this.#cellAt(entity, row, path);
    return cell === undefined ? { path, value } : { path, value, cell };
  }

  /** The cell at the end of a path; undefined where a row on the way is NULL. */
  #cellAt(entity: Entity, row: number, path: string): ExplainedInput["cell"] {
    const [{ name: column }] = stepsOf(this.#universe, entity, path);
    const dot = path.indexOf(".");
    // A list's column is one of the row's own, though its path has two names.
    if (dot < 0 || column !== path.slice(0, dot)) return { entity: entity.name, id: entity.firstId + row, column };
    const via = column;
    const value = this.#valuesOf(entity, row).get(via) ?? null;
    if (value === null) return undefined;
    const target = this.#universe.entity(leadsTo(entity.columns[via])!);
    return this.#cellAt(target, Number(value) - firstRow(entity.columns[via], target), path.slice(dot + 1));
  }

  #valuesOf(entity: Entity, row: number): ReadonlyMap<string, string | null> {
    const key = `${entity.name} ${row}`;
    let values = this.#values.get(key);
    if (values === undefined) {
      const { columns, rows } = previewRows(this.#shown, entity.name, row, 1);
      values = new Map(columns.map((column, i) => [column, rows[0][i]]));
      this.#values.set(key, values);
    }
    return values;
  }

  #ownerOf(entity: Entity, row: number): { parentRow: number; ordinal: number } {
    const program = this.#universe.program(entity.name, ["$parent", "$ordinal"]);
    program.run(row, 1);
    const first = (path: string): number => (program.vector(path) as NumberVector).values[0];
    return { parentRow: first("$parent"), ordinal: first("$ordinal") };
  }

  /** Binds the column once more, to see which keys and dictionaries it asks for. */
  #boundKeys(
    entity: Entity,
    name: string,
    column: Column,
  ): { keys: [string | null, CellKey][]; dictionaries: string[] } {
    const keys = new Map<string | null, CellKey>();
    const dictionaries = new Set<string>();
    const program = this.#universe.program(entity.name, column.reads);
    const context = this.#universe.bindContext(entity, name);
    column.bind(
      {
        ...context,
        key(label) {
          const key = context.key(label);
          keys.set(label ?? null, key);
          return key;
        },
        dictionary(dictionary) {
          dictionaries.add(dictionary);
          return context.dictionary(dictionary);
        },
      },
      column.reads.map((path) => program.vector(path)),
    );
    return { keys: [...keys], dictionaries: [...dictionaries] };
  }
}

/** The model with nothing hidden, and each path that a column reads as a column of its own. Keys stay what they are. */
function showAll({ model, entities }: Universe): Model {
  const byName = new Map(entities.map((entity) => [entity.name, entity]));
  const source = { entity: (name: string) => byName.get(name)! };
  const show = (entity: Entity): Entity => {
    const own = Object.entries(entity.columns).map(([name, column]) => [name, { ...column, hidden: false }] as const);
    const paths = Object.values(entity.columns).flatMap(({ reads }) => reads.filter((path) => path.includes(".")));
    const through = paths.map((path) => [path, copied(path, typeOfPath(source, entity, path))] as const);
    return { ...entity, columns: Object.fromEntries([...own, ...through]) };
  };
  return { ...model, entities: entities.map(show) };
}

function cellName(entity: string, row: number, column: string): string {
  return JSON.stringify([entity, row, column]);
}

function keyHex({ k0, k1 }: CellKey): string {
  return hex32(k0) + hex32(k1);
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

import type { Entity } from "../../../model/entity.js";
import { boundedName } from "../../../postgres/identifiers.js";
import type { CatalogConstraint, CatalogIndex } from "./catalog.js";
import { sameList } from "./constraints.js";

interface WantedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
}

/**
 * How indexes differ. An index is known by its columns, and where there is none with them by its name. One more than
 * declared is somebody's tuning, which changes no statement's outcome, unless it is unique.
 * @param constraints whose own indexes are not told a second time
 */
export function indexProblems(
  entity: Entity,
  found: readonly CatalogIndex[],
  constraints: readonly CatalogConstraint[],
): string[] {
  const wanted = wantedIndexes(entity);
  const matched = new Set<CatalogIndex>();
  const problems = wanted.flatMap((index) => {
    const { name, columns, isUnique } = index;
    const isAsWanted = (one: CatalogIndex): boolean =>
      one.isPlain && one.isUnique === isUnique && sameList(one.columns, columns);
    const alike = found.filter((one) => sameList(one.columns, columns) && !matched.has(one));
    const right = alike.filter(isAsWanted);
    const best =
      right.find(({ isValid }) => isValid) ??
      right.at(0) ??
      alike.find((one) => one.name === name) ??
      found.find((one) => one.name === name) ??
      alike.at(0);
    // That a key is missing is said of its constraint.
    if (best === undefined) return isUnique ? [] : [`no index (${columns.join(", ")})`];
    matched.add(best);
    if (!isAsWanted(best)) return [`the index ${name}: expected ${textOf(index)}, found ${foundText(best)}`];
    return best.isValid ? [] : [`the index (${columns.join(", ")}): expected it valid, found it invalid`];
  });
  const owned = new Set(constraints.map(({ name }) => name));
  const extra = found.filter((one) => one.isUnique && !matched.has(one) && !owned.has(one.name));
  return [...problems, ...extra.map((one) => `expected no unique index ${one.name}, found ${foundText(one)}`)];
}

function wantedIndexes(entity: Entity): WantedIndex[] {
  return [
    { name: boundedName(entity.name, "pkey"), columns: entity.primaryKey, isUnique: true },
    ...entity.uniqueKeys.map((columns) => ({
      name: boundedName(entity.name, ...columns, "key"),
      columns,
      isUnique: true,
    })),
    ...entity.indexes.map((columns) => ({
      name: boundedName(entity.name, ...columns, "idx"),
      columns,
      isUnique: false,
    })),
  ];
}

function textOf({ columns, isUnique }: WantedIndex): string {
  return `${isUnique ? "UNIQUE " : ""}btree (${columns.join(", ")})`;
}

function foundText({ isUnique, text }: CatalogIndex): string {
  return `${isUnique ? "UNIQUE " : ""}${text}`;
}

import { type Column, unique } from "../../columns/column.js";
import { combination, type Place, placeOfCombination, type Radix } from "../../columns/combinations.js";
import { written } from "../../columns/kinds/keys.js";
import { DeclarationError } from "../../columns/kinds/kind.js";
import { listed } from "../../columns/picks.js";
import { numbers, numbersOf } from "../../columns/values.js";
import { BOOL, INT4, TEXT } from "../../core/sql-type.js";
import { type LinkDeclaration, linkTarget } from "./links.js";
import { type ColumnDeclaration, isDeclaration, isHidden, type Table } from "./table.js";

/** The hidden column that says which combination a row has. */
export function combinationName(group: number): string {
  return `combination$${group}`;
}

/** The hidden column of a member's place in its combination, where that is no link. */
export function placeName(member: string): string {
  return `${member}$place`;
}

/** How many values each member of a combination has. @throws DeclarationError */
export function radicesOf({ links, columns }: Pick<Table, "links" | "columns">, members: readonly string[]): Radix[] {
  return members.map((member) => {
    const link = links.get(member);
    if (link !== undefined) return rowsOfMember(member, link, { links, members });
    const declared = columns.get(member);
    if (declared === undefined) throw new DeclarationError(`there is no link or column ${member}`);
    return valuesOf(member, declared).size;
  });
}

function rowsOfMember(
  member: string,
  link: LinkDeclaration,
  { links, members }: Pick<Table, "links"> & { readonly members: readonly string[] },
): Radix {
  const isPlain = "any" in link && !("earlier" in link) && !link.within && !link.distinct && !link.zipf && !link.by;
  if (!isPlain) throw new DeclarationError(`${member} is of a combination: expected a link { any: … } and no more`);
  const { not, below, skip = 0 } = link;
  const other = not ?? below;
  const at = other === undefined ? -1 : members.indexOf(other);
  if (other !== undefined && at < 0)
    throw new DeclarationError(`${member} is of a combination, and ${other}, from which it is apart, is not`);
  const above = members.findIndex((one) => {
    const theirs = links.get(one);
    return theirs !== undefined && "any" in theirs && !("earlier" in theirs) && theirs.below === member;
  });
  return {
    entity: linkTarget(link),
    skip,
    ...(other !== undefined && { apart: { at, how: not === undefined ? "below" : "not" } as const }),
    ...(above >= 0 && { above }),
  };
}

/** The values that a member that is a column may have. */
interface Values {
  readonly size: number;
  /** The column of them, by the place that another column says. */
  column(place: string): Column;
}

function valuesOf(member: string, declared: ColumnDeclaration | Column): Values {
  const { kind, parameters, type } = isDeclaration(declared)
    ? declared
    : { kind: undefined, parameters: { value: undefined }, type: undefined };
  const { value } = parameters;
  if (kind?.name === "chance") return { size: 2, column: (place) => fromPlace(place, 0, BOOL) };
  if (kind?.name === "integer") {
    const [low, high] = value as [number, number];
    return { size: high - low + 1, column: (place) => fromPlace(place, low, type === "enum" ? INT4 : (type ?? INT4)) };
  }
  if (kind?.name === "choice" && typeof value === "object" && value !== null && type !== "enum") {
    const labels = Array.isArray(value) ? value.map(String) : Object.keys(value);
    return {
      size: labels.length,
      column: (place) => written(listed(place, { type: type ?? TEXT, values: labels }), labels),
    };
  }
  throw new DeclarationError(
    `${member} is of a combination: expected a link { any: … }, a choice, an integer or a chance`,
  );
}

function fromPlace(place: string, low: number, type: Column["type"]): Column {
  return numbers({ type, reads: [place], about: `from ${low} up by ${place}` }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] + low;
    };
  });
}

/** The hidden columns by which a table's combinations are made, by name. @throws DeclarationError */
export function combinationColumns(table: Pick<Table, "links" | "columns" | "declaration">): Map<string, Column> {
  const made = new Map<string, Column>();
  for (const [group, members] of (table.declaration.combinations ?? []).entries()) {
    const radices = radicesOf(table, members);
    made.set(combinationName(group), combination(radices));
    for (const [at, member] of members.entries()) {
      if (!table.links.has(member))
        made.set(placeName(member), placeOfCombination({ of: combinationName(group), radices, at }));
    }
  }
  return made;
}

/** The column that a member of a combination is in the place of what it is declared as; undefined for others. */
export function combined(table: Table, name: string): Column | undefined {
  const groups = table.declaration.combinations ?? [];
  const group = groups.findIndex((members) => members.includes(name));
  if (group < 0) return undefined;
  const radices = radicesOf(table, groups[group]);
  const place: Place = { of: combinationName(group), radices, at: groups[group].indexOf(name) };
  if (table.links.has(name)) return placeOfCombination(place);
  const declared = table.columns.get(name)!;
  const column = valuesOf(name, declared).column(placeName(name));
  return groups[group].length === 1 && !isHidden(name, declared) ? unique(column) : column;
}

import type { Column } from "../../columns/column.js";
import type { ForeignKey } from "../entity.js";
import { type LinkDeclaration, linkTarget } from "./links.js";
import { isDeclaration, type Table } from "./table.js";

type Tables = ReadonlyMap<string, Table>;

/**
 * A foreign key a link whose target has a key of which every column is copied: its primary key, or a unique one. Keys
 * may share columns: `tenant_id: tenant.id` is also the tenant_id of a row that is chosen within the tenant.
 */
export function foreignKeysOf(
  table: Table,
  built: Readonly<Record<string, Column>>,
  tables: Tables,
): Omit<ForeignKey, "enforced">[] {
  const copies = new Map<string, string>();
  for (const name of table.columns.keys()) {
    const path = copiedPath(table, name);
    if (path === undefined || built[name]?.hidden) continue;
    const source = sourceOf(tables, table, path);
    if (!copies.has(source)) copies.set(source, name);
  }
  return [...table.links].flatMap(([link, declaration]) => {
    const target = tables.get(linkTarget(declaration));
    if (target === undefined) return [];
    for (const key of uniqueKeysOf(target)) {
      const columns = key.map((column) => copies.get(sourceOf(tables, table, `${link}.${column}`)));
      if (columns.every((column) => column !== undefined)) {
        return [{ columns: columns as string[], target: target.name, targetColumns: key, link }];
      }
    }
    return [];
  });
}

/** The path that a column is a plain copy of, in every row. */
function copiedPath(table: Table, name: string): string | undefined {
  const declared = table.columns.get(name);
  if (declared === undefined || !isDeclaration(declared) || table.strikes.has(name)) return undefined;
  const isWhole = declared.nulls === undefined || declared.nulls === 0;
  return isWhole ? declared.copies : undefined;
}

/** Copies of copies; more are a circle, which is told elsewhere. */
const COPIES_MAX = 100;

/**
 * Where a path's value comes from: through copies of copies, by the owner that rows chosen within it share, and from the
 * row whose turn it is.
 */
function sourceOf(tables: Tables, table: Table, path: string): string {
  let source = path;
  for (let i = 0; i < COPIES_MAX; i++) {
    const next = viaOwner(tables, table, source) ?? viaCopy(tables, table, source);
    if (next === undefined || next === source) break;
    source = next;
  }
  return viaTurns(tables, table, source) ?? source;
}

/**
 * The same value by the table at the end of links that each take the rows in turn: where each table has a multiple of the
 * rows of the next, row i leads to row i modulo the rows of the last, by whichever links.
 */
function viaTurns(tables: Tables, table: Table, path: string): string | undefined {
  const steps = path.split(".");
  const column = steps.pop()!;
  if (steps.length === 0) return undefined;
  let at = table;
  for (const [i, step] of steps.entries()) {
    const link = at.links.get(step);
    const next = link && "nth" in link ? tables.get(link.nth) : undefined;
    if (next === undefined || (i > 0 && !isMultiple(tables, at, next))) return undefined;
    at = next;
  }
  return `in turn ${at.name}.${column}`;
}

/** Whether a table has a multiple of another one's rows, whatever their sizes. */
function isMultiple(tables: Tables, table: Table, other: Table): boolean {
  const [own, theirs] = [timesOf(tables, table), timesOf(tables, other)];
  return own.of === theirs.of && own.times % theirs.times === 0;
}

function timesOf(tables: Tables, table: Table): { readonly of: string; readonly times: number } {
  let [at, times] = [table, 1];
  for (let i = 0; i < COPIES_MAX; i++) {
    const { rows } = at.declaration;
    const next = typeof rows === "object" && "per" in rows ? tables.get(rows.per) : undefined;
    if (next === undefined) break;
    times *= (rows as { readonly times: number }).times;
    at = next;
  }
  return { of: at.name, times };
}

/** The same value by what the column at the end of a path copies. */
function viaCopy(tables: Tables, table: Table, path: string): string | undefined {
  const steps = path.split(".");
  const column = steps.pop()!;
  const end = tableAt(tables, table, steps);
  const copied = end && copiedPath(end, column);
  return copied === undefined ? undefined : [...steps, copied].join(".");
}

/** The same value by the owner within which the row at the first step was chosen. */
function viaOwner(tables: Tables, table: Table, path: string): string | undefined {
  const [link, ...rest] = path.split(".");
  const declaration = table.links.get(link);
  const within = declaration && "any" in declaration && !("earlier" in declaration) ? declaration.within : undefined;
  const owner = within && tableAt(tables, table, within.split("."));
  if (!owner) return undefined;
  let at = tables.get(linkTarget(declaration!));
  for (let i = 0; i < rest.length - 1; i++) {
    const back = at?.links.get(rest[i]);
    if (back === undefined || !("owner" in back)) return undefined;
    at = tables.get(back.owner);
    if (at === owner) return [within, ...rest.slice(i + 1)].join(".");
  }
  return undefined;
}

/** The table that links lead to. */
function tableAt(tables: Tables, table: Table, links: readonly string[]): Table | undefined {
  let at: Table | undefined = table;
  for (const step of links) {
    const link: LinkDeclaration | undefined = at?.links.get(step);
    at = link && tables.get(linkTarget(link));
  }
  return at;
}

function uniqueKeysOf({ declaration, columns }: Table): readonly (readonly string[])[] {
  const single = [...columns].flatMap(([name, declared]) =>
    (isDeclaration(declared) ? declared.isUnique : declared.unique) ? [[name]] : [],
  );
  return [declaration.key ?? ["id"], ...single, ...(declaration.unique ?? [])].filter((key) => key.length > 0);
}

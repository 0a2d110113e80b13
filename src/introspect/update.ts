import { type Document, isMap, type Pair, parseDocument, type Scalar, YAMLMap } from "yaml";
import { SeedBulkError } from "../errors.js";
import type { IntrospectedModel } from "./model-of.js";
import { modelDocument } from "./write.js";

/** A model file that has taken over what a schema has changed. */
export interface UpdatedFile {
  readonly text: string;
  /** What is new in it: `orders`, `orders.note`. */
  readonly added: readonly string[];
  /** What it fills and the schema has no more; it stands in the file as it did. */
  readonly gone: readonly string[];
}

/** Parts of a table whose entries columns are made of, or are. */
const PARTS = ["links", "columns"] as const;

/**
 * Adds to a model file what the schema has and the file has not: tables, columns, and the links, lists and sizes that these
 * need. What somebody has changed in it stays to the letter.
 * @throws SeedBulkError SB_MODEL_INVALID where the text is no model file
 */
export function updateModelFile(text: string, model: IntrospectedModel): UpdatedFile {
  const own = parseDocument(text);
  const news = modelDocument(model);
  const [ownTables, newTables] = [own, news].map((document) => document.get("tables"));
  if (own.errors.length > 0 || !isMap(ownTables) || !isMap(newTables)) {
    throw new SeedBulkError("SB_MODEL_INVALID", "the file is no model: it has no tables", {
      hint: "Nothing was written. Give the file that `seed-bulk introspect --out` wrote.",
    });
  }
  const added: string[] = [];
  const gone: string[] = [];
  for (const pair of newTables.items as Pair<Scalar<string>, YAMLMap>[]) {
    const name = pair.key.value;
    const table = ownTables.get(name);
    if (table === undefined) {
      ownTables.add(pair);
      added.push(name);
    } else if (isMap(table)) compare(name, { own: table, news: pair.value! }, { added, gone });
  }
  for (const { key } of ownTables.items as Pair<Scalar<string>>[]) {
    const isRefused = model.refused.some(({ table }) => table === key.value);
    if (!newTables.has(key.value) && !isRefused) gone.push(key.value);
  }
  if (added.length > 0) for (const part of ["sizes", "lists"]) addMissing(own, news, part);
  return { text: own.toString({ lineWidth: 0, flowCollectionPadding: true }), added, gone };
}

function compare(
  table: string,
  { own, news }: { readonly own: YAMLMap; readonly news: YAMLMap },
  found: { readonly added: string[]; readonly gone: string[] },
): void {
  const [ownColumns, newColumns] = [own.get("columns"), news.get("columns")];
  if (!isMap(ownColumns) || !isMap(newColumns)) return;
  const names = (columns: YAMLMap): string[] => (columns.items as Pair<Scalar<string>>[]).map(({ key }) => key.value);
  const missing = names(newColumns).filter((name) => !ownColumns.has(name) && !name.startsWith("_"));
  found.added.push(...missing.map((name) => `${table}.${name}`));
  found.gone.push(
    ...names(ownColumns)
      .filter((name) => !name.startsWith("_") && !newColumns.has(name))
      .map((name) => `${table}.${name}`),
  );
  for (const name of missing) addWithNeeds(own, news, name);
}

/** Adds a column, and whatever the words of its declaration name of the table. */
function addWithNeeds(own: YAMLMap, news: YAMLMap, name: string): void {
  for (const part of PARTS) {
    const entries = news.get(part);
    const pair = isMap(entries)
      ? (entries.items as Pair<Scalar<string>>[]).find(({ key }) => key.value === name)
      : undefined;
    if (pair === undefined) continue;
    if (!own.has(part)) own.set(part, new YAMLMap());
    const there = own.get(part);
    if (!isMap(there) || there.has(name)) continue;
    there.add(pair);
    const words = JSON.stringify(pair.value).match(/[\p{L}_]\w*/gu) ?? [];
    for (const word of new Set(words)) {
      const isThere = PARTS.some((other) => isMap(own.get(other)) && (own.get(other) as YAMLMap).has(word));
      if (!isThere) addWithNeeds(own, news, word);
    }
  }
}

function addMissing(own: Document, news: Document, part: string): void {
  const [ours, theirs] = [own.get(part), news.get(part)];
  if (!isMap(theirs)) return;
  if (!isMap(ours)) {
    own.set(part, theirs);
    return;
  }
  for (const pair of theirs.items as Pair<Scalar<string>>[]) if (!ours.has(pair.key.value)) ours.add(pair);
}

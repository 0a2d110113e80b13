import { Document, isMap, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { IntrospectedModel } from "./model-of.js";

const HEAD = " yaml-language-server: $schema=./node_modules/seed-bulk/schemas/model.schema.json";
const NOTES_HEAD = " To know; triggers are off while rows are loaded, and --triggers on has them fire:";
/** Comments and flow collections are not folded: a column is a line. */
const LINE_WIDTH = 0;

/** A model file's text: a line for each column, with the reason where its kind was guessed from the name. */
export function modelFileText(model: IntrospectedModel): string {
  return modelDocument(model).toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: true });
}

/** The same as a document of YAML. */
export function modelDocument(model: IntrospectedModel): Document {
  const { declaration, reasons, refused, notes } = model;
  const document = new Document(declaration, { aliasDuplicateObjects: false });
  document.commentBefore = [
    HEAD,
    " Written by `seed-bulk introspect`: how the tables of a database are filled. Change what you know better.",
    ...(refused.length === 0 ? [] : [" Left out, since nothing is known that fills them:"]),
    ...refused.map(({ schema, table, reason }) => `   ${schema}.${table}: ${reason.replace(/\s+/g, " ")}`),
    ...(notes.length === 0 ? [] : [NOTES_HEAD]),
    ...notes.map((note) => ` - ${note.replace(/\s+/g, " ")}`),
  ].join("\n");
  for (const key of ["window"]) inOneLine(document.get(key));
  const lists = document.get("lists");
  if (isMap(lists)) {
    for (const { value } of lists.items) {
      const rows = isMap(value) ? value.get("rows") : undefined;
      if (isSeq(rows)) for (const row of rows.items) inOneLine(row);
    }
  }
  const tables = document.get("tables") as YAMLMap<Scalar<string>, YAMLMap>;
  for (const [at, { key, value }] of tables.items.entries()) {
    if (at > 0) key.spaceBefore = true;
    for (const part of ["rows", "key", "unique", "combinations"]) inOneLine(value!.get(part));
    inLines(value!.get("links"), new Map());
    inLines(value!.get("columns"), reasons.get(key.value) ?? new Map());
  }
  return document;
}

function inOneLine(node: unknown): void {
  if (typeof node === "object" && node !== null) (node as { flow?: boolean }).flow = true;
}

/** A mapping with a line for each of its entries. */
function inLines(node: unknown, reasons: ReadonlyMap<string, string>): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items as Pair<Scalar<string>, Scalar | YAMLMap>[]) {
    inOneLine(value);
    const why = reasons.get(key.value);
    if (why !== undefined && value) value.comment = ` ${why}`;
  }
}

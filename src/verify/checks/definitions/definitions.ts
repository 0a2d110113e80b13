import type pg from "pg";
import type { Entity } from "../../../model/entity.js";
import { tableColumns } from "../../../model/entity.js";
import { attempt } from "../../attempt.js";
import type { CheckContext, CheckTask } from "../../context.js";
import { type CheckResult, OFFENDING_ROWS_MAX } from "../../result.js";
import { type Catalog, type CatalogTable, readCatalog } from "./catalog.js";
import { columnProblems, enumProblems, sequenceProblems } from "./columns.js";
import { checkProblems, constraintProblems } from "./constraints.js";
import { indexProblems } from "./indexes.js";

/**
 * Whether each table is what its entity declares and nothing beside it: columns, keys, references, checks, indexes,
 * sequences, enum types, and no trigger, rule or row security that would change what a statement does. What is
 * expected comes from the model alone (law 6); the catalog is looked at once for all tables.
 */
export function definitionsTask(context: CheckContext): CheckTask {
  const entities = [...context.planned.keys()].map((name) => context.universe.entity(name));
  return {
    rows: 0,
    async run(client) {
      const began = performance.now();
      const catalog = await attempt(client, () => readCatalog(client, context.schema));
      const problems: string[][] = [];
      for (const entity of entities) {
        problems.push(catalog.ok ? await problemsOf(client, context, entity, catalog.value) : [catalog.message]);
      }
      const seconds = (performance.now() - began) / 1000 / entities.length;
      return entities.map((entity, at) => resultOf(entity, problems[at], seconds));
    },
  };
}

function resultOf(entity: Entity, problems: readonly string[], seconds: number): CheckResult {
  return {
    name: `definition of ${entity.name}`,
    kind: "definition",
    entity: entity.name,
    ok: problems.length === 0,
    found: problems.length === 0 ? "all is there and valid" : problems.join("; "),
    expected: `${tableColumns(entity).length} columns; keys, references, checks and indexes as declared`,
    rowsChecked: 0,
    seconds,
    offending: problems.slice(0, OFFENDING_ROWS_MAX).map((problem) => ({ problem })),
  };
}

async function problemsOf(
  client: pg.Client,
  context: CheckContext,
  entity: Entity,
  catalog: Catalog,
): Promise<string[]> {
  const ofTable = <T extends { readonly table: string }>(all: readonly T[]): T[] =>
    all.filter(({ table }) => table === entity.name);
  const table = ofTable(catalog.tables).at(0);
  if (table === undefined) return ["there is no such table"];
  if (table.kind !== "r") return [`expected a table, found ${KINDS[table.kind] ?? table.kind}`];
  const columns = ofTable(catalog.columns);
  const constraints = ofTable(catalog.constraints);
  return [
    ...tableProblems(context, table),
    ...columnProblems(context, entity, columns),
    ...enumProblems(entity, catalog.enums),
    ...sequenceProblems(context, entity, columns),
    ...constraintProblems(context, entity, constraints),
    ...(await checkProblems(client, context, entity, constraints)),
    ...indexProblems(entity, ofTable(catalog.indexes), constraints),
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  p: "a partitioned table",
  v: "a view",
  m: "a materialized view",
  f: "a foreign table",
};

function tableProblems({ unlogged }: CheckContext, table: CatalogTable): string[] {
  const [expected, found] = [unlogged ? "unlogged" : "logged", table.persistence === "u" ? "unlogged" : "logged"];
  return [
    ...(unlogged === undefined || expected === found ? [] : [`expected a ${expected} table, found it ${found}`]),
    ...(table.hasRowSecurity ? ["expected no row security, found it enabled"] : []),
    ...table.relatives.map((relative) => `expected no inheritance, found it with ${relative}`),
    ...table.triggers.map((trigger) => `expected no trigger, found ${trigger}`),
    ...table.rules.map((rule) => `expected no rule, found ${rule.replaceAll(/\s+/g, " ")}`),
  ];
}

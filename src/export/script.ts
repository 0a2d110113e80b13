import { FINISHING_PHASES, finishingSteps } from "../engine/schedule/finishing-steps.js";
import { type Entity, storedColumns } from "../model/entity.js";
import type { Plan } from "../model/plan.js";
import { createStatements, tableName } from "../postgres/ddl.js";
import { quoteIdentifier } from "../postgres/identifiers.js";

/**
 * What a script must not take from the server, the database, the role or psql's surroundings: how its text is read,
 * what its names mean, and how long it may take. For its transaction alone, so that a session that includes it is left
 * as it was. Read-only stays: that is somebody's will.
 */
const SETTINGS: readonly string[] = [
  ...Object.entries({
    client_encoding: "UTF8",
    standard_conforming_strings: "on",
    array_nulls: "on",
    DateStyle: "ISO, YMD",
    IntervalStyle: "postgres",
    TimeZone: "UTC",
    search_path: "pg_catalog",
    statement_timeout: "0",
    lock_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    idle_session_timeout: "0",
  }).map(([name, value]) => `SET LOCAL ${name} = '${value}';`),
  // Postgres has it since version 17.
  "SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout';",
];

/** The beginning of a script for psql: schema, types and tables, in a transaction that holds all of it. */
export function scriptHead(plan: Plan, entities: readonly Entity[]): string {
  const { name, model, schema, seed } = plan.scenario;
  const facts = [
    `seed-bulk: scenario ${name}, model ${model}, seed ${seed}, ${plan.rows} rows`,
    `plan ${plan.hash}, generator version ${plan.generatorVersion}`,
    "psql runs it: all of it or nothing.",
  ];
  return lines([
    // A name may hold a line break, which would end the comment.
    ...facts.map((fact) => `-- ${fact.replace(/\s+/g, " ")}`),
    "\\set ON_ERROR_STOP on",
    "BEGIN;",
    ...SETTINGS,
    ...createStatements(schema, entities).map((sql) => `${sql};`),
  ]);
}

/** What stands before an entity's rows. */
export function copyHead(schema: string, entity: Entity): string {
  const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
  return `COPY ${tableName(schema, entity)} (${columns.join(", ")}) FROM stdin;\n`;
}

/** What ends them. */
export const COPY_END = "\\.\n";

/** The end of a script: indexes, keys, references, sequences and statistics, in the order that loading builds them. */
export function scriptTail(plan: Plan, entities: readonly Entity[]): string {
  const steps = finishingSteps(plan.scenario.schema, entities);
  const inOrder = FINISHING_PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase));
  return lines([...inOrder.map(({ sql }) => `${sql};`), "COMMIT;"]);
}

function lines(statements: readonly string[]): string {
  return statements.map((statement) => `${statement}\n`).join("");
}

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

/** Scripts that stand beside files of rows: what the rows go into, and what is built once they are there. */
export const SCRIPTS = ["schema.sql", "keys.sql"] as const;

/** One of the scripts beside files of rows, for any client: tables and types, or keys, indexes and all that follows rows. */
export function scriptBeside(file: (typeof SCRIPTS)[number], plan: Plan, entities: readonly Entity[]): string {
  const statements =
    file === "schema.sql" ? createStatements(plan.scenario.schema, entities) : finishingStatements(plan, entities);
  return lines([
    ...aboutLines(plan, file === "schema.sql" ? "before the rows; keys.sql goes after them" : "after the rows"),
    "BEGIN;",
    ...SETTINGS,
    ...statements.map((sql) => `${sql};`),
    "COMMIT;",
  ]);
}

/** The beginning of a script for psql: schema, types and tables, in a transaction that holds all of it. */
export function scriptHead(plan: Plan, entities: readonly Entity[]): string {
  const { schema } = plan.scenario;
  return lines([
    ...aboutLines(plan, "psql runs it: all of it or nothing."),
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
  return lines([...finishingStatements(plan, entities).map((sql) => `${sql};`), "COMMIT;"]);
}

function finishingStatements(plan: Plan, entities: readonly Entity[]): string[] {
  const steps = finishingSteps(plan.scenario.schema, entities);
  return FINISHING_PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase)).map(({ sql }) => sql);
}

function aboutLines({ scenario, rows, hash, generatorVersion }: Plan, use: string): string[] {
  const { name, model, seed } = scenario;
  const facts = [
    `seed-bulk: scenario ${name}, model ${model}, seed ${seed}, ${rows} rows`,
    `plan ${hash}, generator version ${generatorVersion}`,
    use,
  ];
  // A name may hold a line break, which would end the comment.
  return facts.map((fact) => `-- ${fact.replace(/\s+/g, " ")}`);
}

function lines(statements: readonly string[]): string {
  return statements.map((statement) => `${statement}\n`).join("");
}

import { FINISHING_PHASES, finishingSteps } from "../engine/schedule/finishing-steps.js";
import { type Entity, storedColumns } from "../model/entity.js";
import type { Plan } from "../model/plan.js";
import { createStatements } from "../postgres/ddl.js";
import { qualified, quoteIdentifier } from "../postgres/identifiers.js";

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
    "SET client_encoding = 'UTF8';",
    "SET standard_conforming_strings = on;",
    "SET DateStyle = 'ISO, YMD';",
    "BEGIN;",
    ...createStatements(schema, entities).map((sql) => `${sql};`),
  ]);
}

/** What stands before an entity's rows. */
export function copyHead(schema: string, entity: Entity): string {
  const columns = storedColumns(entity).map(([name]) => quoteIdentifier(name));
  return `COPY ${qualified(schema, entity.name)} (${columns.join(", ")}) FROM stdin;\n`;
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

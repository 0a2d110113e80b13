import type pg from "pg";
import { type Entity, storedColumns, targetColumns } from "../../../model/entity.js";
import { boundedName } from "../../../postgres/identifiers.js";
import { attempt } from "../../attempt.js";
import { type CheckContext, tableOf } from "../../context.js";
import type { CatalogConstraint } from "./catalog.js";

/** A key or a foreign key that the entity declares. */
interface WantedKey {
  readonly kind: "p" | "u" | "f";
  readonly columns: readonly string[];
  readonly target?: { readonly entity: string; readonly columns: readonly string[] };
  /** What it is, for people. */
  readonly text: string;
  /** As DDL writes it. */
  readonly ddl: string;
  /** Whether it may be missing: the plan has no such target, which may stand there all the same. */
  readonly isOptional: boolean;
}

/** How primary, unique and foreign keys differ, and which constraints are there that nobody declared. */
export function constraintProblems(
  context: CheckContext,
  entity: Entity,
  found: readonly CatalogConstraint[],
): string[] {
  const wanted = wantedKeys(context, entity);
  const checks = wantedChecks(entity).map(({ name }) => name);
  const matched = new Set<CatalogConstraint>();
  const problems = wanted.flatMap((key) => {
    const alike = found.filter(({ kind, columns }) => kind === key.kind && sameList(columns, key.columns));
    const best = alike.find((one) => isAsWanted(context, one, key)) ?? alike.at(0);
    if (best === undefined) return key.isOptional ? [] : [`no ${key.text}`];
    matched.add(best);
    if (!isAsWanted(context, best, key)) return [`the ${key.text}: expected ${key.ddl}, found ${best.text}`];
    return standingProblems(key.text, best);
  });
  const extra = found.filter((one) => !matched.has(one) && !(one.kind === "c" && checks.includes(one.name)));
  return [...problems, ...extra.map(({ name, text }) => `expected no constraint ${name}, found ${text}`)];
}

function wantedKeys(context: CheckContext, entity: Entity): WantedKey[] {
  const list = (columns: readonly string[]): string => columns.join(", ");
  const key = (kind: "p" | "u", columns: readonly string[]): WantedKey => {
    const [text, ddl] = kind === "p" ? ["primary key", "PRIMARY KEY"] : ["unique key", "UNIQUE"];
    const named = `(${list(columns)})`;
    return { kind, columns, text: `${text} ${named}`, ddl: `${ddl} ${named}`, isOptional: false };
  };
  const references = entity.foreignKeys.flatMap((foreignKey): WantedKey[] => {
    const { columns, target, enforced } = foreignKey;
    if (!enforced) return [];
    const theirs = targetColumns(foreignKey, context.universe.entity(target));
    return [
      {
        kind: "f",
        columns,
        target: { entity: target, columns: theirs },
        text: `foreign key of ${list(columns)}`,
        ddl: `FOREIGN KEY (${list(columns)}) REFERENCES ${target}(${list(theirs)})`,
        isOptional: !context.planned.has(target),
      },
    ];
  });
  return [key("p", entity.primaryKey), ...entity.uniqueKeys.map((columns) => key("u", columns)), ...references];
}

function isAsWanted({ schema }: CheckContext, found: CatalogConstraint, { target }: WantedKey): boolean {
  if (!found.isPlain) return false;
  if (target === undefined) return true;
  const isThere = found.target === target.entity && found.targetSchema === schema;
  return isThere && sameList(found.targetColumns, target.columns);
}

/** What keeps a constraint of the right definition from holding. */
function standingProblems(text: string, { isValid, idleTriggers }: CatalogConstraint): string[] {
  return [
    ...(isValid ? [] : [`the ${text}: expected it valid, found NOT VALID`]),
    ...(idleTriggers.length === 0
      ? []
      : [`the ${text}: expected its triggers enabled, found them on ${idleTriggers.join(", ")}`]),
  ];
}

interface WantedCheck {
  readonly name: string;
  readonly column: string;
  readonly condition: string;
}

function wantedChecks(entity: Entity): WantedCheck[] {
  return storedColumns(entity).flatMap(([column, { check }]) =>
    check === undefined ? [] : [{ name: boundedName(entity.name, column, "check"), column, condition: check }],
  );
}

/**
 * How checks differ. Postgres keeps a condition in words of its own, which versions choose differently: so it is asked
 * how it would compute both, the model's and the one that is there, and says so of both in the same words. That takes
 * no right but to read the table, and nothing is made or computed.
 */
export async function checkProblems(
  client: pg.Client,
  context: CheckContext,
  entity: Entity,
  found: readonly CatalogConstraint[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, column, condition } of wantedChecks(entity)) {
    const text = `check of ${column}`;
    const there = found.find((one) => one.kind === "c" && one.name === name);
    if (there === undefined) {
      problems.push(`no ${text}`);
      continue;
    }
    const isSame = await meansTheSame(client, tableOf(context, entity.name), [condition, there.condition ?? "NULL"]);
    if (!isSame.ok) problems.push(`the ${text} cannot be compared: ${isSame.message}`);
    else if (!isSame.value || !there.isPlain) {
      problems.push(`the ${text}: expected CHECK (${condition}), found ${there.text}`);
    } else problems.push(...standingProblems(text, there));
  }
  return problems;
}

async function meansTheSame(client: pg.Client, table: string, [a, b]: readonly [string, string]) {
  return attempt(client, async () => {
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: { Output: string[] } }] }>(
      `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT (${a}), (${b}) FROM ${table}`,
    );
    const { Output: output } = rows[0]["QUERY PLAN"][0].Plan;
    return output[0] === output[1];
  });
}

/** Whether two lists are the same in the same order. */
export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}

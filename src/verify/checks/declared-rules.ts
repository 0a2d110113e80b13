import { assert } from "../../errors.js";
import type { OrderRule, ShareRule, StateRule } from "../../model/checks.js";
import type { CheckContext } from "../context.js";
import { isWithinPlan, unlessLabelled } from "../row-source.js";
import type { CountRule } from "./count-rules.js";

/** What a model declares of single rows, as far as the plan has the tables for it. */
export function declaredRules(context: CheckContext): CountRule[] {
  const { order = [], states = [], shares = [] } = context.universe.model.checks ?? {};
  const wanted = [...order.map(orderRule), ...states.map(stateRule), ...shares.map((rule) => shareRule(context, rule))];
  return wanted.filter(({ make, ...rule }) => isWithinPlan(context, rule)).map(({ make }) => make());
}

/** A rule that may be made once it is known that the plan has its tables. */
interface Declared {
  readonly entity: string;
  readonly expressions: readonly (string | undefined)[];
  readonly make: () => CountRule;
}

function orderRule({ entity, before, after, strict = false, hours, unless }: OrderRule): Declared {
  const { least, most } = hours ?? {};
  const faults = [
    `{${after}} ${strict ? "<=" : "<"} {${before}}`,
    ...(least === undefined ? [] : [`{${after}} < {${before}} + interval '${least} hours'`]),
    ...(most === undefined ? [] : [`{${after}} > {${before}} + interval '${most} hours'`]),
  ];
  const where = unlessLabelled(faults.join(" OR "), unless);
  const gap = least === undefined && most === undefined ? "" : `, by ${least ?? 0} to ${most ?? "any number of"} hours`;
  const expected = `${after} is ${strict ? "after" : "not before"} ${before}${gap}`;
  const make = (): CountRule => ({
    entity,
    kind: "order",
    name: `order ${entity}.${after} and ${before}`,
    where,
    expected,
  });
  return { entity, expressions: [where], make };
}

function stateRule({ entity, rule, where = "true", holds, unless }: StateRule): Declared {
  const make = (): CountRule => ({
    entity,
    kind: "state",
    name: `state of ${entity}: ${rule}`,
    where: unlessLabelled(`(${where}) AND (${holds}) IS NOT TRUE`, unless),
    expected: rule,
  });
  return { entity, expressions: [where, holds], make };
}

function shareRule(context: CheckContext, { entity, rule, where, expected, within = 0 }: ShareRule): Declared {
  const make = (): CountRule => {
    // 0.28 * 600000 is 168000.00000000003.
    const count = Math.round(expected(context.facts) * 1e6) / 1e6;
    assert(Number.isFinite(count), `the share "${rule}" of ${entity} expects a number, got ${count}`);
    return {
      entity,
      kind: "share",
      name: `share of ${entity}: ${rule}`,
      where,
      allowed: { low: count - within, high: count + within },
      cell: { label: rule, expected: count },
      expected: within === 0 ? `${count} rows` : `${count} rows, give or take ${within}`,
    };
  };
  return { entity, expressions: [where], make };
}

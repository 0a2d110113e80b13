import type pg from "pg";
import { attempt } from "../attempt.js";
import type { CheckContext, CheckTask } from "../context.js";
import type { CheckResult } from "../result.js";

/** What a check's statements came to. */
export type Finding = Pick<CheckResult, "ok" | "found"> &
  Partial<Pick<CheckResult, "offending" | "rowsChecked" | "cells">>;

/** A check with a statement or two of its own. */
export interface SingleCheck {
  readonly name: string;
  readonly kind: string;
  readonly entity: string;
  readonly expected: string;
  /** Runs in a read-only transaction of its own. */
  readonly look: (client: pg.Client) => Promise<Finding>;
  /** Beside the rows of its entity: how much longer than a plain scan it takes. */
  readonly effort?: number;
}

/** The task of one check: what Postgres says against its statements is a finding too. */
export function singleTask(context: CheckContext, check: SingleCheck): CheckTask {
  const { name, kind, entity, expected, look, effort = 1 } = check;
  const rows = context.facts.rows(entity);
  return {
    rows: rows * effort,
    async run(client) {
      const began = performance.now();
      const outcome = await attempt(client, () => look(client));
      const finding: Finding = outcome.ok ? outcome.value : { ok: false, found: outcome.message };
      const seconds = (performance.now() - began) / 1000;
      return [{ name, kind, entity, expected, rowsChecked: rows, offending: [], ...finding, seconds }];
    },
  };
}

import type { ShareRule, StateRule, StepRule } from "../../../model/checks.js";
import { PASSWORD_RULE } from "../../passwords/columns.js";
import { ROLE_SHARES, ROLES } from "../users.js";

export const states: readonly StateRule[] = [
  PASSWORD_RULE,
  {
    entity: "branches",
    rule: "only companies that have branches have them",
    holds: "{company_id.has_branches}",
  },
  { entity: "companies", rule: "looked after by somebody in sales", holds: "{account_manager_id.role} = 'Sales'" },
  {
    entity: "companies",
    rule: "tax numbers and commercial registers have their form",
    holds: "{tax_number} ~ '^[1-9][0-9]{{2}}-[0-9]{{3}}-[0-9]{{3}}$' AND {commercial_register} ~ '^[0-9]{{6}}$'",
  },
  ...["users", "companies", "branches"].map((entity) => ({
    entity,
    rule: "mobile numbers of codes that Egypt has withdrawn",
    holds: "{phone} ~ '^[+]201[4678][0-9]{{8}}$'",
  })),
];

export const shares: readonly ShareRule[] = [
  ...ROLES.map((role) => ({
    entity: "users",
    rule: role,
    where: `{role} = '${role}'`,
    expected: ({ rows }: { rows: (entity: string) => number }) => rows("users") * ROLE_SHARES[role],
    within: 1,
  })),
  {
    entity: "companies",
    rule: "with branches",
    where: "{has_branches}",
    expected: ({ rows, scenario: { shares } }) => Math.round(rows("companies") * shares["branchRatio"]),
  },
];

/** Which rows the entries of the audit log are about, and what the two agree in. */
const LOGGED = [
  {
    about: "orders",
    by: "({entity_id}, {occurred_at}, {user_id}, {new_values} ->> 'status')",
    where: "{entity_name} = 'orders'",
    of: "order_status_history",
    theirs: "({order_id}, {changed_at}, {changed_by}, {to_status}::text)",
  },
  {
    about: "payments",
    by: "({entity_id}, {occurred_at})",
    where: "{entity_name} = 'payments'",
    of: "payments",
    theirs: "({id}, {created_at})",
  },
  {
    about: "shipments",
    by: "({entity_id}, {occurred_at})",
    where: "{entity_name} = 'shipments'",
    of: "shipments",
    theirs: "({id}, {created_at})",
  },
  {
    about: "requests for refunds",
    by: "({entity_id}, {occurred_at}, {user_id})",
    where: "{entity_name} = 'refunds' AND {action} = 'create'",
    of: "refunds",
    theirs: "({id}, {requested_at}, {requested_by})",
  },
  {
    about: "decisions on refunds",
    by: "({entity_id}, {occurred_at}, {user_id}, {action} = 'reject')",
    where: "{entity_name} = 'refunds' AND {action} <> 'create'",
    of: "refunds",
    theirs: "({id}, {reviewed_at}, {reviewed_by}, {status} = 'rejected')",
  },
  {
    about: "maintenance visits",
    by: "({entity_id}, {occurred_at}, {user_id})",
    where: "{entity_name} = 'maintenance_visits'",
    of: "maintenance_visits",
    theirs: "({id}, {requested_at}, {technician_id})",
  },
  ...["users", "companies", "branches", "products"].map((table) => ({
    about: table,
    by: "{entity_id}",
    where: `{entity_name} = '${table}'`,
    of: table,
    theirs: "{id}",
  })),
];

export const steps: readonly StepRule[] = LOGGED.map(({ about, by, where, of, theirs }) => ({
  entity: "audit_logs",
  rule: `entries about ${about} tell of a row and agree with it`,
  where,
  by,
  follows: { entity: of, by: theirs },
}));

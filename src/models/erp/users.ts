import { type BindContext, type Column, hidden, unique } from "../../columns/column.js";
import { id } from "../../columns/keys.js";
import { labelFor } from "../../columns/lists.js";
import { format, sameCode } from "../../columns/text.js";
import { codes, numbers } from "../../columns/values.js";
import { fillBits, multiplyHigh } from "../../core/random.js";
import { enumType, INT8, TEXT } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { passwordColumns } from "../passwords/columns.js";
import { DEPARTMENTS } from "./data/texts.js";
import { beforeHistory, mobileColumns, personColumns } from "./vocabulary.js";

/** Roles and their share of the users, as the document has it. */
export const ROLE_SHARES = { Admin: 0.05, Manager: 0.15, Sales: 0.5, Support: 0.3 } as const;

export type Role = keyof typeof ROLE_SHARES;
export const ROLES = Object.keys(ROLE_SHARES) as Role[];
const ROLE = enumType("user_role", ROLES);

/** People with a login. */
export const users = entity("users", {
  comment: "People with a login: administrators, managers, sales and support",
  rows: rows(({ sizes }) => sizes["users"]),
  columns: {
    id: id(),
    ...personColumns(),
    first_slug: hidden(sameCode("first", "first_slugs")),
    last_slug: hidden(sameCode("last", "last_slugs")),
    email: unique(format("{first_slug}.{last_slug}.{id}@synergyflow.example")),
    ...passwordColumns(),
    ...mobileColumns(),
    role: role(),
    department: labelFor("role", { type: TEXT, labels: Object.values(DEPARTMENTS), codeOf: [0, 1, 2, 3] }),
    created_at: beforeHistory(),
  },
  indexes: [["role"]],
});

/** The first user of each role, and the number of users: roles stand one after another, with one user each at the least. */
export function roleStarts(users: number): number[] {
  let share = 0;
  const starts = [0];
  for (const [at, name] of ROLES.entries()) {
    share += ROLE_SHARES[name];
    const most = users - (ROLES.length - at - 1);
    starts.push(Math.min(most, Math.max(starts[at] + 1, Math.round(users * share))));
  }
  return starts;
}

function role(): Column {
  return codes({ type: ROLE, labels: ROLES, about: "exact shares, one role after another" }, ({ rowCount }) => {
    const starts = roleStarts(rowCount);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        let at = 0;
        while (rowIndexes[i] >= starts[at + 1]) at++;
        out[i] = at;
      }
    };
  });
}

/** Somebody of a role, evenly. */
export function userOf(role: Role): Column {
  return {
    ...numbers({ type: INT8, about: `any user with the role ${role}` }, (context) => {
      const pick = userPicker(context, role);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) out[i] = pick(bits[i]);
      };
    }),
    references: { entity: "users", foreignKey: true },
  };
}

/** From 32 random bits to the ID of a user with a role. */
export function userPicker(context: BindContext, role: Role): (bits: number) => number {
  const { rowCount, firstId } = context.entity("users");
  const starts = roleStarts(rowCount);
  const at = ROLES.indexOf(role);
  const size = starts[at + 1] - starts[at];
  return (bits) => firstId + starts[at] + multiplyHigh(bits, size);
}

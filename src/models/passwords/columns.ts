import { type Column, described, hidden } from "../../columns/column.js";
import { inTurn } from "../../columns/lists.js";
import type { StateRule } from "../../model/checks.js";
import { PASSWORD_HASHES } from "./hashes.js";
import { passwordAt } from "./words.js";

/** The hash of a login's password, and the password itself, which is not stored: whoever plays the users' part is told it. */
export function passwordColumns() {
  return {
    password_hash: described(
      "bcrypt, cost 10; of quest-0001 for ID 1, and so on, over and over",
      inTurn(PASSWORD_HASHES),
    ),
    password: hidden(inTurn(PASSWORD_HASHES.map((_, index) => passwordAt(index)))),
  } satisfies Record<string, Column>;
}

/** What verification looks at of them. */
export const PASSWORD_RULE: StateRule = {
  entity: "users",
  rule: "the password is kept as a bcrypt hash",
  holds: "{password_hash} ~ '^[$]2b[$]10[$][./A-Za-z0-9]{{53}}$'",
};

import { type Column, described } from "../../columns/column.js";
import { id, linked, parent } from "../../columns/keys.js";
import { codes, copied, numbersOf } from "../../columns/values.js";
import { BOOL, enumType, INET, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";

/** What the login service reports. */
export const EVENT_TYPES = ["login_success", "login_failure"] as const;

/**
 * What the game's own programs report of logins. A browser's login, and an attacker's, goes past them: those have no
 * event, so that the events alone do not tell which logins were an attack.
 */
export const authEvents = entity("auth_events", {
  comment: "Logins as the game's own programs report them: one event for each such login, with the same facts",
  rows: childrenOf("login_history", { by: "client_login" }),
  columns: {
    id: id(),
    login_id: described("The attempt that it reports", parent("login_history")),
    user_id: linked("users", "login_id.user_id"),
    username: copied("login_id.username", TEXT),
    event_type: eventType(),
    success: copied("login_id.success", BOOL),
    failure_reason: { ...copied("login_id.failure_reason", TEXT), nullable: true },
    ip_address: copied("login_id.ip_address", INET),
    user_agent: copied("login_id.user_agent", TEXT),
    device_fingerprint: copied("login_id.device_fingerprint", TEXT),
    occurred_at: copied("login_id.login_time", TIMESTAMPTZ),
  },
  indexes: [["login_id"], ["user_id", "occurred_at"]],
});

function eventType(): Column {
  const spec = { type: enumType("auth_event_type", EVENT_TYPES), labels: EVENT_TYPES, reads: ["success"] };
  return codes({ ...spec, about: "whether the login succeeded" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] === 1 ? 0 : 1;
    };
  });
}

import type { Model } from "../../model/model.js";
import { withSession } from "../../postgres/session.js";
import type { RunTarget } from "./options.js";

/** A target's URL, with what the tables that a model fills need of the sessions that do. */
export function sessionUrl(
  { url, settings = {} }: Pick<Extract<RunTarget, { kind: "postgres" }>, "url" | "settings">,
  { existing = false, session = {} }: Pick<Model, "existing" | "session">,
): string {
  return withSession(url, { settings: { ...session, ...settings }, ownPath: existing });
}

import { quoteIdentifier, quoteLiteral } from "./identifiers.js";

/** What tables that are there need of the sessions that fill them, beyond what ours set. */
export interface Session {
  /** Settings of the schema's own, such as `app.tenant`, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether functions find names by the database's own search path. */
  readonly ownPath: boolean;
}

/** The parameter by which a URL carries a session to wherever connections are made; no server sees it. */
const PARAMETER = "seed_bulk_session";
const CARRIED = new RegExp(`([?&])${PARAMETER}=([^&#]*)(&?)`);

/** A database URL whose connections have a session's settings in every transaction, also through a pooler. */
export function withSession(url: string, session: Session): string {
  if (Object.keys(session.settings).length === 0 && !session.ownPath) return url;
  const { url: plain } = apart(url);
  return `${plain}${plain.includes("?") ? "&" : "?"}${PARAMETER}=${encodeURIComponent(JSON.stringify(session))}`;
}

/** A URL as it was, and what it carries. */
function apart(url: string): { readonly url: string; readonly session: Session | undefined } {
  const found = CARRIED.exec(url);
  if (found === null) return { url, session: undefined };
  const plain = url.replace(CARRIED, (_all, before: string, _value, after: string) => (after === "" ? "" : before));
  return { url: plain, session: JSON.parse(decodeURIComponent(found[2])) as Session };
}

/** A URL as a server is asked by it, and the `SET LOCAL`s of each of its transactions. */
export function sessionOf(carrying: string): { readonly url: string; readonly statements: string } {
  const { url, session } = apart(carrying);
  if (session === undefined) return { url, statements: "" };
  const path = session.ownPath ? ["SET LOCAL search_path = DEFAULT"] : [];
  const settings = Object.entries(session.settings).map(
    ([name, value]) => `SET LOCAL ${name.split(".").map(quoteIdentifier).join(".")} = ${quoteLiteral(value)}`,
  );
  return { url, statements: [...path, ...settings].map((statement) => `; ${statement}`).join("") };
}

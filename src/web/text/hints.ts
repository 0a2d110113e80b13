import type { Problem } from "../api/types.js";

/** What to do in the page, where the server's own words are of the command line's flags. */
const IN_THE_PAGE: Readonly<Record<string, string>> = {
  SB_TABLE_EXISTS:
    "Load again from the scenario's page: tick there that the earlier run's tables are dropped, or name another schema.",
};

/** What to do about a problem; undefined where nobody knows. */
export function hintFor({ code, hint }: Pick<Problem, "code" | "hint">): string | undefined {
  return IN_THE_PAGE[code] ?? hint?.replaceAll("volumeMultiplier", "the size");
}

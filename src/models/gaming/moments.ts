import type { Column } from "../../columns/column.js";
import { numbers } from "../../columns/values.js";
import { TIMESTAMPTZ } from "../../core/sql-type.js";

/** The window's start: when the game opened. */
export function windowStart(): Column {
  return numbers({ type: TIMESTAMPTZ, about: "the window's start" }, ({ windowUs }) => ({ count }, out) => {
    out.fill(windowUs.from, 0, count);
  });
}

export { createScreen, isVerbose, type ScreenOptions, screenHere } from "./create-screen.js";
export * from "./format.js";
export { formatPlan, type PlanOptions } from "./plan-table.js";
export { formatRows, type RowsOptions, type RowTable } from "./rows.js";
export type { Screen } from "./screen.js";
export { createPaint, type Paint, wantsColor } from "./style.js";
export { formatSummary, type SummaryOptions } from "./summary.js";
export { escapeControls } from "./text.js";

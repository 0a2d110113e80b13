/** What the command line uses of the harness; imported when a bench is asked for, so that other commands start fast. */
export { type Change, type Comparison, compare, judgingNothing } from "./comparison.js";
export { readReport } from "./report/read.js";
export type { BenchReport } from "./report/report.js";
export { formatComparison, formatReport } from "./report/terminal.js";
export { writeHtml, writeInto } from "./report/write.js";
export { type BenchOptions, runBench } from "./run-bench.js";
export { readQueries } from "./timed-query.js";

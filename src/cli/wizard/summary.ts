import { plural } from "../../core/thousands.js";
import { type CleanupTable, rowsOfTables } from "../../engine/cleanup.js";
import type { Estimate } from "../../engine/estimate.js";
import type { Plan } from "../../model/plan.js";
import { escapeControls, formatPlan } from "../screen/index.js";
import { wrapWords } from "../screen/text.js";
import type { DatabaseChoice } from "./choices.js";

/** What is about to happen, as the wizard shows it before it asks whether it may. */
export interface Summary {
  readonly plan: Plan;
  /** The database, for people: without a password. */
  readonly database: string;
  /** Tables of earlier runs that are dropped first. */
  readonly dropped: readonly CleanupTable[];
  /** What is kept in which file that is written first, if any: `Its sizes are kept in my.yaml`. */
  readonly file: string | undefined;
}

/** Tells what is about to happen, line by line. */
export function formatSummaryOf(
  { plan, database, dropped, file }: Summary,
  look: { readonly columns: number; readonly color: boolean; readonly estimate: Estimate },
): string[] {
  const { schema } = plan.scenario;
  const sentences = [
    `It goes into ${database}, schema ${schema}.`,
    ...(file === undefined ? [] : [`${file}, a new file.`]),
    ...(dropped.length === 0
      ? ["Nothing is deleted."]
      : [
          `DELETED FIRST: ${whatGoes(dropped)} in the schema ${schema}: ${dropped.map(({ table }) => table).join(", ")}.`,
        ]),
  ];
  return [
    ...formatPlan(plan, look).split("\n"),
    "",
    ...sentences.flatMap((sentence) => wrapWords(escapeControls(sentence), look.columns)),
  ];
}

/** What the printed command leaves to whoever types it. */
export function commandNotes(choice: DatabaseChoice, redacted: boolean): string[] {
  return [
    ...(redacted ? ["The password is left out of it: put it where *** stands."] : []),
    ...(choice.kind === "environment" ? ["It takes the database from DATABASE_URL, as the wizard did."] : []),
  ];
}

/** The question before the run. */
export function confirmation(dropped: readonly CleanupTable[]): string {
  return dropped.length === 0 ? "Load it?" : `Delete ${plural(dropped.length, "table")} and load it?`;
}

function whatGoes(dropped: readonly CleanupTable[]): string {
  const rows = rowsOfTables(dropped);
  return `${plural(dropped.length, "table")} of earlier runs${rows === undefined ? "" : `, about ${plural(rows, "row")},`}`;
}

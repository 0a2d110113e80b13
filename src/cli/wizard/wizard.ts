import type { CleanupTable } from "../../engine/cleanup.js";
import { estimateOf } from "../../engine/estimate.js";
import { openUniverse } from "../../engine/open-universe.js";
import { SeedBulkError } from "../../errors.js";
import { buildPlan, type Plan } from "../../model/plan.js";
import { loadModel } from "../../models/load.js";
import { redactUrl } from "../../postgres/redact.js";
import { generateCommand } from "../commands/generate.js";
import type { Target } from "../database.js";
import { scenarioOf } from "../options.js";
import { wantsColor } from "../screen/index.js";
import {
  commandToType,
  customFile,
  type DatabaseChoice,
  type DataChoices,
  databaseOption,
  generateArguments,
} from "./choices.js";
import { customScenario, saveCustomScenario } from "./custom-scenario.js";
import { askData } from "./data-questions.js";
import { askDatabase } from "./database-question.js";
import { askOwnTables, ownTablesArguments, saveOwnTables } from "./own-tables.js";
import { Prompts } from "./prompts.js";
import { askScenario, type ChosenScenario, OWN_TABLES } from "./scenario-question.js";
import { openToLook, tablesToDrop } from "./standing.js";
import { commandNotes, confirmation, formatSummaryOf } from "./summary.js";

/** What the questions' frame takes of a line. */
const FRAME_COLUMNS = 3;
const COLUMNS_MIN = 40;

/**
 * Asks what to load and where, shows what that comes to, and runs `generate` with it.
 * @param signal ends the questions; the run itself watches the process's signals as it always does
 * @throws SeedBulkError SB_INTERRUPTED, SB_CONFIRMATION_NEEDED where the last answer is no, and whatever `generate` throws
 */
export async function runWizard(signal: AbortSignal): Promise<void> {
  const prompts = new Prompts(signal);
  prompts.begin("seed-bulk wizard (Escape leaves it, and nothing is written)");
  const database = await askDatabase(prompts, process.env);
  const chosen = await askScenario(prompts, { hasTables: database.kind !== "embedded" });
  if (chosen === OWN_TABLES) return fillOwnTables(prompts, database as Exclude<DatabaseChoice, { kind: "embedded" }>);
  const { data, plan } = await askUntilPlanned(prompts, chosen);
  let target: Target | undefined;
  try {
    target = await openToLook(database, { signal, onNotice: (text) => prompts.say(text) });
    const args = await agree(prompts, { database, data, plan, target });
    if (data.custom) saveCustomScenario(data, data.custom, process.cwd());
    prompts.end("Loading");
    // The very arguments that were printed; the wizard has asked what --yes answers.
    const yes = args.includes("--replace") ? ["--yes"] : [];
    await generateCommand()
      .exitOverride()
      .parseAsync([...args, ...yes], { from: "user" });
  } finally {
    await target?.release();
  }
}

/** Shows how the tables of a database would be filled, and fills them where that is agreed to. */
async function fillOwnTables(
  prompts: Prompts,
  database: Exclude<DatabaseChoice, { readonly kind: "embedded" }>,
): Promise<void> {
  const tables = await askOwnTables(prompts, database.url);
  const args = ownTablesArguments(tables, databaseOption(database, process.env));
  show(prompts, { database, file: `The model is kept in ${tables.file}`, plan: tables.plan, dropped: [], args });
  if (!(await prompts.confirm(confirmation([]), true))) {
    throw new SeedBulkError("SB_CONFIRMATION_NEEDED", "nothing was written", {
      hint: "`seed-bulk introspect` writes the model file without the wizard.",
    });
  }
  saveOwnTables(tables);
  prompts.end("Loading");
  await generateCommand().exitOverride().parseAsync(args, { from: "user" });
}

/** Asks for the data until its plan can be made. */
async function askUntilPlanned(
  prompts: Prompts,
  chosen: ChosenScenario,
): Promise<{ readonly data: DataChoices; readonly plan: Plan }> {
  const model = (await loadModel(chosen.modelOrigin ?? { kind: "builtIn", name: chosen.scenario.model }))!;
  for (;;) {
    const data = await askData(prompts, model, chosen);
    prompts.say("Working out the plan");
    try {
      return { data, plan: await planOf(data) };
    } catch (error) {
      if (!(error instanceof SeedBulkError) || error.code !== "SB_SCENARIO_INVALID") throw error;
      prompts.complain([error.message, error.hint].filter(Boolean).join("\n"));
    }
  }
}

/**
 * The plan that `generate` will make of what was chosen, custom sizes not yet being in their file.
 * @throws SeedBulkError SB_SCENARIO_INVALID
 */
export async function planOf(data: DataChoices): Promise<Plan> {
  const { scenario: name, custom, scale, seed, features: feature, anomalies: anomaly } = data;
  const { scenario } = await scenarioOf({
    scenario: name,
    ...(seed !== undefined && { seed }),
    ...(scale !== undefined && { scale }),
    feature,
    anomaly,
  });
  return buildPlan(await openUniverse(custom === undefined ? scenario : customScenario(data, custom, scenario)));
}

/**
 * Shows what is about to happen and asks whether it may; asks again where what would be deleted has changed meanwhile.
 * @returns the arguments of `generate`
 * @throws SeedBulkError SB_CONFIRMATION_NEEDED
 */
async function agree(
  prompts: Prompts,
  choices: {
    readonly database: DatabaseChoice;
    readonly data: DataChoices;
    readonly plan: Plan;
    readonly target: Target | undefined;
  },
): Promise<string[]> {
  const { database, data, plan, target } = choices;
  const look = async (): Promise<CleanupTable[]> => (target === undefined ? [] : tablesToDrop(target, plan));
  let dropped = await look();
  for (;;) {
    const databaseUrl = databaseOption(database, process.env);
    const args = generateArguments(data, { databaseUrl, replace: dropped.length > 0 });
    const file = data.custom && `Its sizes are kept in ${customFile(data.custom)}`;
    show(prompts, { database, file, plan, dropped, args });
    if (!(await prompts.confirm(confirmation(dropped), dropped.length === 0))) {
      throw new SeedBulkError("SB_CONFIRMATION_NEEDED", "nothing was deleted and nothing written", {
        hint: "The command above does it without the wizard; --schema loads into another schema.",
      });
    }
    const now = await look();
    if (namesOf(now) === namesOf(dropped)) return args;
    prompts.warn("What earlier runs loaded there has changed meanwhile.");
    dropped = now;
  }
}

function namesOf(tables: readonly CleanupTable[]): string {
  return tables.map(({ table }) => table).join();
}

function show(
  prompts: Prompts,
  about: {
    readonly database: DatabaseChoice;
    /** What is kept in which file, if any is written. */
    readonly file: string | undefined;
    readonly plan: Plan;
    readonly dropped: readonly CleanupTable[];
    readonly args: readonly string[];
  },
): void {
  const { database, file, plan, dropped, args } = about;
  const columns = Math.max(COLUMNS_MIN, (process.stdout.columns || 80) - FRAME_COLUMNS);
  const color = wantsColor(process.stdout, process.env);
  const name = database.kind === "embedded" ? "the embedded Postgres" : redactUrl(database.url);
  prompts.show(
    formatSummaryOf(
      { plan, database: name, dropped, file },
      { columns, color, estimate: estimateOf(plan, process.env) },
    ),
  );
  const { command, redacted } = commandToType(args);
  prompts.say(["The command that does the same:", ...commandNotes(database, redacted)].join("\n"));
  // Without the frame, so that it can be copied in one piece.
  process.stdout.write(`${command}\n`);
}

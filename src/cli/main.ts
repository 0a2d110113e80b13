import { Command, CommanderError } from "commander";
import { SeedBulkError } from "../errors.js";
import { nearest } from "../model/scenario/nearest.js";
import { lacksOpenFiles, OPEN_FILES_HINT, requireOpenFiles } from "../platform/open-files.js";
import { packageVersion } from "../platform/package.js";
import { redactText } from "../postgres/connection.js";
import { toldError } from "../postgres/sqlstate.js";

/**
 * Runs the command line and sets the process's exit code; nothing else of the program does.
 * @param argv as `process.argv`
 */
export async function main(argv: readonly string[]): Promise<void> {
  outliveOutput();
  const debug = argv.includes("--debug");
  try {
    requireOpenFiles();
    const root = await program(argv);
    await root.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, debug);
  }
}

/** The commands, in the order of the help; each is loaded when it is asked for: all of them take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  generate: async () => (await import("./commands/generate.js")).generateCommand(),
  plan: async () => (await import("./commands/plan.js")).planCommand(),
  preview: async () => (await import("./commands/preview.js")).previewCommand(),
  explain: async () => (await import("./commands/explain.js")).explainCommand(),
  export: async () => (await import("./commands/export.js")).exportCommand(),
  init: async () => (await import("./commands/init.js")).initCommand(),
  fill: async () => (await import("./commands/fill.js")).fillCommand(),
  introspect: async () => (await import("./commands/introspect.js")).introspectCommand(),
  kinds: async () => (await import("./commands/kinds.js")).kindsCommand(),
  scenarios: async () => (await import("./commands/scenarios.js")).scenariosCommand(),
  validate: async () => (await import("./commands/validate.js")).validateCommand(),
  verify: async () => (await import("./commands/verify.js")).verifyCommand(),
  resume: async () => (await import("./commands/resume.js")).resumeCommand(),
  status: async () => (await import("./commands/status.js")).statusCommand(),
  cleanup: async () => (await import("./commands/cleanup.js")).cleanupCommand(),
  "restore-definitions": async () => (await import("./commands/restore-definitions.js")).restoreDefinitionsCommand(),
  toggle: async () => (await import("./commands/toggle.js")).toggleCommand(),
  serve: async () => (await import("./commands/serve.js")).serveCommand(),
  wizard: async () => (await import("./commands/wizard.js")).wizardCommand(),
  bench: async () => (await import("./commands/bench.js")).benchCommand(),
  db: async () => (await import("./commands/db.js")).dbCommand(),
};

const DEFAULT_COMMAND = "generate";

async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command("seed-bulk")
    .description("Fills Postgres with large volumes of realistic, related, reproducible data.")
    .version(packageVersion())
    .option("--debug", "show stack traces of errors");
  for (const name of namesNeeded(argv)) {
    root.addCommand(await COMMANDS[name](), { isDefault: name === DEFAULT_COMMAND });
  }
  configure(root);
  return root;
}

/**
 * The command that the arguments begin with, or all where help is wanted.
 * @throws SeedBulkError SB_USAGE where a word is no command's name
 */
function namesNeeded(argv: readonly string[]): readonly string[] {
  const [first] = argv.slice(2).filter((word) => word !== "--debug");
  if (first === "-V" || first === "--version") return [];
  if (first === undefined || ["help", "-h", "--help"].includes(first)) return Object.keys(COMMANDS);
  if (first.startsWith("-")) return [DEFAULT_COMMAND];
  if (Object.hasOwn(COMMANDS, first)) return [first];
  const [guess] = nearest(first, Object.keys(COMMANDS), 1);
  throw new SeedBulkError(
    "SB_USAGE",
    `there is no command "${first}"${guess === undefined ? "" : `, did you mean "${guess}"?`}`,
    { hint: 'See "seed-bulk --help".' },
  );
}

/** Errors of usage are ours to print, with a code as all others have. */
function configure(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  if (command.parent) command.option("--debug", "show stack traces of errors");
  for (const child of command.commands) configure(child);
}

function report(thrown: unknown, debug: boolean): number {
  const error = lackOfFiles(thrown) ?? toldError(thrown);
  if (error instanceof CommanderError) {
    // Help and version come as errors too, with exit code 0, and are printed already.
    if (error.exitCode === 0) return 0;
    if (error.code === "commander.help") return 2;
    // `--databse-url=postgres://…`: what is wrong is the option's name, and its value may be anything.
    const message = error.message
      .replace(/^error: /, "")
      .replace(/^(unknown option '[^'=]*)=.*'/s, "$1'")
      .trim();
    complain(`error SB_USAGE: ${message}\nSee "seed-bulk --help".\n`);
    return 2;
  }
  if (error instanceof SeedBulkError) {
    complain(`error ${error.code}: ${error.message}\n`);
    // Our own words, and one hint shows what a URL looks like.
    if (error.hint) process.stderr.write(`${error.hint}\n`);
    if (debug) complain(`${error.stack}\n${error.cause instanceof Error ? `cause: ${error.cause.stack}\n` : ""}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  complain(`error SB_INTERNAL: ${message}\nThis is a fault of seed-bulk; --debug shows where.\n`);
  if (debug && error instanceof Error) complain(`${error.stack}\n`);
  return 1;
}

function lackOfFiles(thrown: unknown): SeedBulkError | undefined {
  if (thrown instanceof SeedBulkError || !(thrown instanceof Error) || !lacksOpenFiles(thrown)) return undefined;
  return new SeedBulkError("SB_OPEN_FILES", thrown.message, { cause: thrown, hint: OPEN_FILES_HINT });
}

/** Errors quote arguments and other programs' words, and either may hold a database URL. */
function complain(text: string): void {
  process.stderr.write(redactText(text));
}

/**
 * What is printed may have no reader any more: `seed-bulk plan | head`, a full disk. The work goes on, since a load is
 * not done for its screen, and the exit code says what became of it. A reader who left wanted no more; whatever else
 * keeps standard output from being written is an error.
 */
function outliveOutput(): void {
  // Messages: there is nobody left to tell.
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    const told = new SeedBulkError("SB_OUTPUT_FAILED", `standard output cannot be written: ${error.message}`);
    complain(`error ${told.code}: ${told.message}\n`);
    process.exitCode ||= told.exitCode;
  });
}

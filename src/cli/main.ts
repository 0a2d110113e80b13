import { Command, CommanderError } from "commander";
import { SeedBulkError } from "../errors.js";
import { knownScenarios } from "../model/scenario/locate.js";
import { nearest } from "../model/scenario/nearest.js";
import { displayPath } from "../model/scenario/problems.js";
import { lacksOpenFiles, OPEN_FILES_HINT, requireOpenFiles } from "../platform/open-files.js";
import { packageVersion, scenarioDirs } from "../platform/package.js";
import { redactText } from "../postgres/redact.js";
import { toldError } from "../postgres/sqlstate.js";
import { COMMANDS, DEFAULT_COMMAND, loadCommand, subcommandTerm } from "./command-table.js";
import { chooseVariable, takeDotEnv } from "./environment.js";
import { findConfig } from "./find-config.js";
import { createPaint, wantsColor } from "./screen/style.js";

/**
 * Runs the command line and sets the process's exit code; nothing else of the program does.
 * @param argv as `process.argv`
 */
export async function main(argv: readonly string[]): Promise<void> {
  outliveOutput();
  watchOutput();
  const debug = argv.includes("--debug");
  const json = argv.includes("--json");
  try {
    requireOpenFiles();
    takeDotEnv(process.cwd(), process.env);
    const words = withStart(argv);
    const root = await program(words);
    await root.parseAsync([...words]);
  } catch (error) {
    process.exitCode = report(error, { debug, json });
  }
}

/** Whoever names nothing is asked on a terminal, and shown what there is elsewhere. */
function withStart(argv: readonly string[]): readonly string[] {
  if (argv.slice(2).some((word) => word !== "--debug")) return argv;
  return [...argv, process.stdin.isTTY && process.stdout.isTTY ? "wizard" : "--help"];
}

async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command("seed-bulk")
    .description("Fills Postgres with large volumes of realistic, related, reproducible data.")
    .version(packageVersion())
    .option("--debug", "show stack traces of errors");
  const needed = await namesNeeded(argv);
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    // The others are there for the help, which is all that is shown of them.
    const command = needed.includes(name) ? await loadCommand(name) : new Command(name);
    root.addCommand(command.description(summary), { isDefault: name === DEFAULT_COMMAND });
  }
  root
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ subcommandTerm });
  for (const name of needed) {
    const config = await configOf(argv, name);
    const command = root.commands.find((one) => one.name() === name);
    if (config !== undefined && command !== undefined) (await import("./config.js")).applyConfig(command, config);
  }
  return root;
}

/** The settings of a config file, where one is there: --config names another than the folder's own, --profile a part. */
async function configOf(argv: readonly string[], command: string) {
  if (argv[2] === "help" || argv.some((word) => ["-h", "--help"].includes(word))) return undefined;
  const [named, profile] = [wordBehind(argv, "--config"), wordBehind(argv, "--profile")];
  const file = findConfig(process.cwd(), named);
  if (file === undefined && profile === undefined) return undefined;
  if (file === undefined) {
    throw new SeedBulkError("SB_USAGE", `there is no config file here for --profile ${profile}`, {
      hint: "`seed-bulk.config.yaml` is one; --config names another.",
    });
  }
  // It loads nothing for whoever has none.
  const { readConfig } = await import("./config.js");
  const config = await readConfig(file, profile).catch((error: unknown) => {
    // What is wrong is what it is asked for.
    if (command === "doctor") return undefined;
    throw error;
  });
  if (config === undefined) return undefined;
  if (config.database !== undefined && command !== "bench") chooseVariable(config.database.env, displayPath(file));
  return config;
}

function wordBehind(argv: readonly string[], option: string): string | undefined {
  const at = argv.indexOf(option);
  if (at >= 0) return argv[at + 1];
  return argv.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1);
}

/**
 * The command that the arguments begin with, or that help is wanted of.
 * @throws SeedBulkError SB_USAGE where a word is no command's name
 */
async function namesNeeded(argv: readonly string[]): Promise<readonly string[]> {
  const [first, second] = argv.slice(2).filter((word) => word !== "--debug");
  if (first === undefined || ["-V", "--version", "-h", "--help"].includes(first)) return [];
  if (first === "help") return second !== undefined && Object.hasOwn(COMMANDS, second) ? [second] : [];
  if (first.startsWith("-")) return [DEFAULT_COMMAND];
  if (Object.hasOwn(COMMANDS, first)) return [first];
  const known = await knownScenarios(scenarioDirs());
  if (known.some(({ name, model }) => [name, `${model}/${name}`].includes(first))) {
    throw new SeedBulkError("SB_USAGE", `there is no command "${first}", but a scenario of that name`, {
      hint: `Did you mean \`seed-bulk --scenario ${first}\`?`,
    });
  }
  const [guess] = nearest(first, Object.keys(COMMANDS), 1);
  throw new SeedBulkError(
    "SB_USAGE",
    `there is no command "${first}"${guess === undefined ? "" : `, did you mean "${guess}"?`}`,
    { hint: 'See "seed-bulk --help".' },
  );
}

/** Tells what went wrong, in words on standard error and with --json as a document on standard output. */
function report(thrown: unknown, { debug, json }: { readonly debug: boolean; readonly json: boolean }): number {
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
    complain("SB_USAGE", `${message}\nSee "seed-bulk --help".`);
    if (json) printError(new SeedBulkError("SB_USAGE", message));
    return 2;
  }
  if (error instanceof SeedBulkError) {
    complain(error.code, error.message);
    if (json) printError(error);
    // Our own words, and one hint shows what a URL looks like.
    if (error.hint) process.stderr.write(`${error.hint}\n`);
    if (debug) tell(`${error.stack}\n${error.cause instanceof Error ? `cause: ${error.cause.stack}\n` : ""}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (json) printError(new SeedBulkError("SB_INTERNAL", message));
  complain("SB_INTERNAL", `${message}\nThis is a fault of seed-bulk; --debug shows where.`);
  if (debug && error instanceof Error) tell(`${error.stack}\n`);
  return 1;
}

/** The one document of a command that failed. A report of what failed, such as that of checks, is it, and is printed already. */
function printError({ code, message, hint, exitCode }: SeedBulkError): void {
  if (isPrinted) return;
  const error = { code, message: redactText(message), hint: hint ?? null, exitCode };
  process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
}

function lackOfFiles(thrown: unknown): SeedBulkError | undefined {
  if (thrown instanceof SeedBulkError || !(thrown instanceof Error) || !lacksOpenFiles(thrown)) return undefined;
  return new SeedBulkError("SB_OPEN_FILES", thrown.message, { cause: thrown, hint: OPEN_FILES_HINT });
}

/** The word and the code of an error stand out where there are colours. */
function complain(code: string, message: string): void {
  const paint = createPaint(wantsColor(process.stderr, process.env));
  process.stderr.write(`${paint.red(`error ${code}:`)} ${redactText(message)}\n`);
}

/** Errors quote arguments and other programs' words, and either may hold a database URL. */
function tell(text: string): void {
  process.stderr.write(redactText(text));
}

/** Whether anything was written to standard output. */
let isPrinted = false;

function watchOutput(): void {
  const { stdout } = process;
  const write = stdout.write.bind(stdout) as (...args: unknown[]) => boolean;
  stdout.write = (...args: unknown[]): boolean => {
    isPrinted = true;
    return write(...args);
  };
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
    complain(told.code, told.message);
    process.exitCode ||= told.exitCode;
  });
}

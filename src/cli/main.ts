import { Command, CommanderError } from "commander";
import { SeedBulkError } from "../errors.js";
import { redactText } from "../postgres/connection.js";
import { cleanupCommand } from "./commands/cleanup.js";
import { dbCommand } from "./commands/db.js";
import { explainCommand } from "./commands/explain.js";
import { generateCommand } from "./commands/generate.js";
import { planCommand } from "./commands/plan.js";
import { previewCommand } from "./commands/preview.js";
import { resumeCommand } from "./commands/resume.js";
import { scenariosCommand } from "./commands/scenarios.js";
import { statusCommand } from "./commands/status.js";
import { toggleCommand } from "./commands/toggle.js";
import { validateCommand } from "./commands/validate.js";
import { verifyCommand } from "./commands/verify.js";
import { packageVersion } from "./package.js";

/**
 * Runs the command line and sets the process's exit code; nothing else of the program does.
 * @param argv as `process.argv`
 */
export async function main(argv: readonly string[]): Promise<void> {
  quietBrokenPipes();
  const debug = argv.includes("--debug");
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, debug);
  }
}

function program(): Command {
  const root = new Command("seed-bulk")
    .description("Fills Postgres with large volumes of realistic, related, reproducible data.")
    .version(packageVersion())
    .option("--debug", "show stack traces of errors");
  root.addCommand(generateCommand(), { isDefault: true });
  const others = [
    planCommand(),
    previewCommand(),
    explainCommand(),
    scenariosCommand(),
    validateCommand(),
    verifyCommand(),
    resumeCommand(),
    statusCommand(),
    cleanupCommand(),
    toggleCommand(),
    dbCommand(),
  ];
  for (const command of others) root.addCommand(command);
  configure(root);
  return root;
}

/** Errors of usage are ours to print, with a code as all others have. */
function configure(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  if (command.parent) command.option("--debug", "show stack traces of errors");
  for (const child of command.commands) configure(child);
}

function report(error: unknown, debug: boolean): number {
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

/** Errors quote arguments and other programs' words, and either may hold a database URL. */
function complain(text: string): void {
  process.stderr.write(redactText(text));
}

/** `seed-bulk plan | head` closes our output early; that ends the program and is no error. */
function quietBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}

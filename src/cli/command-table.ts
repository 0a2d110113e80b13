import type { Command } from "commander";
import { examplesOf } from "./examples.js";

interface Listed {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The commands, in the order of the help; each is loaded when it is asked for: all of them take half a second. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  generate: {
    summary: "make a scenario's data and load it (the default command)",
    load: async () => (await import("./commands/generate.js")).generateCommand(),
  },
  plan: {
    summary: "print what a scenario comes to, and write nothing",
    load: async () => (await import("./commands/plan.js")).planCommand(),
  },
  preview: {
    summary: "make some rows of an entity and print them, without a database",
    load: async () => (await import("./commands/preview.js")).previewCommand(),
  },
  sample: {
    summary: "print rows of an entity for a load generator, without a database",
    load: async () => (await import("./commands/sample.js")).sampleCommand(),
  },
  explain: {
    summary: "tell where a row and its values come from, without a database",
    load: async () => (await import("./commands/explain.js")).explainCommand(),
  },
  export: {
    summary: "write a scenario's rows to files, without a database",
    load: async () => (await import("./commands/export.js")).exportCommand(),
  },
  init: {
    summary: "write a small model of your own to begin with: a YAML file with comments",
    load: async () => (await import("./commands/init.js")).initCommand(),
  },
  fill: {
    summary: "fill the tables that a database has, or those of a DDL script",
    load: async () => (await import("./commands/fill.js")).fillCommand(),
  },
  introspect: {
    summary: "write a model file that fills the tables of a database",
    load: async () => (await import("./commands/introspect.js")).introspectCommand(),
  },
  kinds: {
    summary: "list the kinds of columns that a model's file is written in",
    load: async () => (await import("./commands/kinds.js")).kindsCommand(),
  },
  scenarios: {
    summary: "list the scenarios there are",
    load: async () => (await import("./commands/scenarios.js")).scenariosCommand(),
  },
  validate: {
    summary: "check a scenario and show what it comes to, value by value",
    load: async () => (await import("./commands/validate.js")).validateCommand(),
  },
  verify: {
    summary: "check that a database holds what a run's plan says it must; changes none of its rows",
    load: async () => (await import("./commands/verify.js")).verifyCommand(),
  },
  resume: {
    summary: "load what an unfinished run lacks, and finish it",
    load: async () => (await import("./commands/resume.js")).resumeCommand(),
  },
  work: {
    summary: "load a part of a run that other machines work on too, and finish it together",
    load: async () => (await import("./commands/work.js")).workCommand(),
  },
  k8s: {
    summary: "print a Kubernetes Job whose pods share a run",
    load: async () => (await import("./commands/k8s.js")).k8sCommand(),
  },
  requeue: {
    summary: "fill the queue of a run anew from what its tables lack",
    load: async () => (await import("./commands/requeue.js")).requeueCommand(),
  },
  status: {
    summary: "show the runs of a database and how far they are",
    load: async () => (await import("./commands/status.js")).statusCommand(),
  },
  cleanup: {
    summary: "drop the tables that seed-bulk made, or empty those that it filled, and nothing else",
    load: async () => (await import("./commands/cleanup.js")).cleanupCommand(),
  },
  "restore-definitions": {
    summary: "put back the keys, indexes and triggers that a run took off, and load nothing",
    load: async () => (await import("./commands/restore-definitions.js")).restoreDefinitionsCommand(),
  },
  toggle: {
    summary: "say whether a database may be filled, for everybody; or show what was said",
    load: async () => (await import("./commands/toggle.js")).toggleCommand(),
  },
  serve: {
    summary: "serve the HTTP API and the web page",
    load: async () => (await import("./commands/serve.js")).serveCommand(),
  },
  wizard: {
    summary: "ask what to load and where, then load it",
    load: async () => (await import("./commands/wizard.js")).wizardCommand(),
  },
  bench: {
    summary: "measure generating, loading and verifying, beside other ways of filling a table",
    load: async () => (await import("./commands/bench.js")).benchCommand(),
  },
  completion: {
    summary: "print what makes a shell complete commands, options and scenarios",
    load: async () =>
      (await import("./commands/completion.js")).completionCommand({
        names: Object.keys(COMMANDS),
        usual: DEFAULT_COMMAND,
        load: loadCommand,
      }),
  },
  doctor: {
    summary: "say what is there, what is wrong, and what to do about it",
    load: async () => (await import("./commands/doctor.js")).doctorCommand(),
  },
  db: {
    summary: "the embedded Postgres: start, stop, look at, destroy",
    load: async () => (await import("./commands/db.js")).dbCommand(),
  },
};

export const DEFAULT_COMMAND = "generate";

/** A command with what all of them have. */
export async function loadCommand(name: string): Promise<Command> {
  const command = await COMMANDS[name].load();
  configure(command);
  return command.addHelpText("after", examplesOf(name));
}

/** Errors of usage are ours to print, with a code as all others have. */
function configure(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ subcommandTerm });
  if (command.commands.length === 0) {
    command
      .option("--config <file>", "another config file than ./seed-bulk.config.yaml")
      .option("--profile <name>", "a profile of the config file")
      .option("--quiet", "tell nothing on the way; what came of it, and errors, are told")
      .option("--verbose", "tell also of what only whoever looks into the program needs: shards, latencies, steps")
      .option("--debug", "show stack traces of errors");
  }
  for (const child of command.commands) configure(child);
}

/** A command's name: its arguments and options are in its own help. */
export function subcommandTerm(command: Command): string {
  return command.name();
}

import { Command } from "commander";
import { SeedBulkError } from "../../errors.js";
import { knownScenarios } from "../../model/scenario/locate.js";
import { scenarioDirs } from "../../platform/package.js";

/** What there is to complete; commands are loaded when their options are asked for. */
export interface Completable {
  readonly names: readonly string[];
  /** The command that is meant where none is named. */
  readonly usual: string;
  load(name: string): Promise<Command>;
}

/** Each asks the program itself, so that what it offers is what this version takes. Where nothing is found, files are offered. */
const SCRIPTS = {
  bash: `_seed_bulk() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" completion --complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _seed_bulk seed-bulk
`,
  zsh: `#compdef seed-bulk
_seed_bulk() {
  local -a found
  found=(\${(f)"$("\${words[1]}" completion --complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _seed_bulk seed-bulk
`,
  fish: `complete -c seed-bulk -a '(seed-bulk completion --complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
} as const;

type Shell = keyof typeof SCRIPTS;

/** `seed-bulk completion`. */
export function completionCommand(all: Completable): Command {
  return new Command("completion")
    .argument("[shell]", "bash, zsh or fish; with --complete, the words typed so far")
    .option("--complete", "print what the last of the words may become; the scripts ask so")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_shell: string | undefined, { complete }: { complete?: boolean }, { args }: Command) => {
      const text = complete ? (await completions(args, all)).map((word) => `${word}\n`).join("") : scriptOf(args);
      process.stdout.write(text);
    });
}

/** @throws SeedBulkError SB_USAGE */
function scriptOf([shell, ...more]: readonly string[]): string {
  if (shell !== undefined && Object.hasOwn(SCRIPTS, shell) && more.length === 0) return SCRIPTS[shell as Shell];
  throw new SeedBulkError("SB_USAGE", `expected a shell: ${Object.keys(SCRIPTS).join(", ")}`, {
    hint: 'For this one: eval "$(seed-bulk completion bash)"',
  });
}

/**
 * What the last word may become.
 * @param words those behind the program's name, the last one as far as it is typed
 */
export async function completions(words: readonly string[], all: Completable): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const offered = await offers(before, typed, all);
  return offered.filter((word) => word.startsWith(typed)).sort();
}

async function offers(before: readonly string[], typed: string, all: Completable): Promise<readonly string[]> {
  const [first, ...rest] = before;
  if (first === undefined && !typed.startsWith("-")) return all.names;
  const isNamed = first !== undefined && all.names.includes(first);
  const command = await all.load(isNamed ? first : all.usual);
  const [last] = (isNamed ? rest : before).slice(-1);
  const option = command.options.find(({ long, short }) => last !== undefined && [long, short].includes(last));
  if (option !== undefined && !option.isBoolean()) return valuesOf(option.long ?? "", option.argChoices);
  if (typed.startsWith("-")) {
    return command.options.map(({ long }) => long ?? "").filter((long) => long !== "" && !before.includes(long));
  }
  if (first === "completion") return Object.keys(SCRIPTS);
  return [
    ...command.commands.map((child) => child.name()),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  ];
}

async function valuesOf(option: string, choices: readonly string[] | undefined): Promise<readonly string[]> {
  if (choices !== undefined) return choices;
  if (option !== "--scenario") return [];
  return (await knownScenarios(scenarioDirs())).map(({ name }) => name);
}

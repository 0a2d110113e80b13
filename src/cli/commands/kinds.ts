import { Command } from "commander";
import * as z from "zod";
import type { Kind } from "../../columns/kinds/kind.js";
import { KINDS } from "../../columns/kinds/vocabulary.js";
import { SeedBulkError } from "../../errors.js";
import { nearest } from "../../model/scenario/nearest.js";

/** `seed-bulk kinds`: the words that columns of a model's file are written in. */
export function kindsCommand(): Command {
  return new Command("kinds")
    .argument("[name]", "one of them, with its parameters")
    .option("--json", "print one JSON document on standard output")
    .action((name: string | undefined, { json = false }: { json?: boolean }) => {
      const found = name === undefined ? [...KINDS.values()] : [requireKind(name)];
      process.stdout.write(
        json ? `${JSON.stringify(found.map(answerOf), null, 2)}\n` : textOf(found, name !== undefined),
      );
    });
}

function requireKind(name: string): Kind {
  const found = KINDS.get(name);
  if (found !== undefined) return found;
  const [guess] = nearest(name, [...KINDS.keys()], 1);
  const help = guess === undefined ? "" : `, did you mean ${guess}?`;
  throw new SeedBulkError("SB_USAGE", `there is no kind "${name}"${help}`, { hint: "`seed-bulk kinds` lists them." });
}

function answerOf({ name, description, example, parameters }: Kind) {
  return {
    name,
    description,
    example,
    parameters: z.toJSONSchema(parameters, { io: "input", unrepresentable: "any" }),
  };
}

function textOf(kinds: readonly Kind[], isOne: boolean): string {
  const blocks = kinds.map(({ name, description, example }) => `${name}: ${description}\n    ${example}\n`);
  if (isOne) return blocks.join("");
  const common =
    "Beside any of them: type, nulls (a share), unique, check (an SQL condition), comment. A name that begins\nwith _ is not stored. A bare path such as customer.city copies.\n";
  return `${blocks.join("\n")}\n${common}`;
}

import { describe, expect, it } from "vitest";
import { COMMANDS, DEFAULT_COMMAND } from "../../../src/cli/command-table.js";
import { completions } from "../../../src/cli/commands/completion.js";
import { EXAMPLES } from "../../../src/cli/examples.js";

describe("examples of the help", () => {
  it("are there for each command", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(Object.entries(EXAMPLES))("are what %s takes", async (name, examples) => {
    const command = await COMMANDS[name].load();
    for (const { line } of examples) {
      // Other programs' lines, what is behind a pipe, and what a shell does with the output.
      if (/^(psql|kubectl|eval) /.test(line)) continue;
      const words = line.split(/ [|>&]+ /)[0].match(/'[^']*'|\S+/g) ?? [];
      const options = words.filter((word) => word.startsWith("--"));
      const known = command.options.map(({ long }) => long);
      expect(known, line).toEqual(expect.arrayContaining(options));
      if (!line.startsWith("--")) expect(words[0]).toBe(name);
    }
  });
});

describe("completion", () => {
  const all = {
    names: Object.keys(COMMANDS),
    usual: DEFAULT_COMMAND,
    load: (name: string) => COMMANDS[name].load(),
  };

  it.each([
    [["ver"], ["verify"]],
    [["--sc"], ["--scale", "--scenario", "--schema"]],
    [
      ["plan", "--scenario", "de"],
      ["demo", "development"],
    ],
    [["--scenario", "load"], ["load_test"]],
    [["export", "--format", "c"], ["csv"]],
    [["export", "--format", "csv", "--fo"], []],
    [
      ["db", "st"],
      ["start", "status", "stop"],
    ],
    [
      ["completion", ""],
      ["bash", "fish", "zsh"],
    ],
    [["export", "--out", ""], []],
    [
      ["verify", "--exact", "--e"],
      ["--expect-plan", "--explain"],
    ],
  ])("of %j", async (words, found) => {
    expect(await completions(words, all)).toEqual(found);
  });
});

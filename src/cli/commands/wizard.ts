import { Command } from "commander";
import { SeedBulkError } from "../../errors.js";
import { untilInterrupted } from "../interrupt.js";

/** `seed-bulk wizard`. */
export function wizardCommand(): Command {
  return new Command("wizard").action(async () => {
    // The menus are drawn over, which a dumb terminal cannot do.
    if (!process.stdin.isTTY || !process.stdout.isTTY || process.env["TERM"] === "dumb") {
      throw new SeedBulkError("SB_USAGE", "the wizard asks questions and there is no terminal to draw them on", {
        hint: 'Name a scenario instead: "seed-bulk --scenario demo"; "seed-bulk scenarios" lists them.',
      });
    }
    // The prompts are loaded for the wizard alone.
    const { runWizard } = await import("../wizard/wizard.js");
    await untilInterrupted(runWizard);
  });
}

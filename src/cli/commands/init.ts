import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { SeedBulkError } from "../../errors.js";
import { packageRoot } from "../../platform/package.js";

/** `seed-bulk init`: a small model that works, to begin with. */
export function initCommand(): Command {
  return new Command("init").argument("[name]", "what the model is called", "shop").action((name: string) => {
    if (!/^[A-Za-z][\w-]{0,62}$/.test(name)) {
      throw new SeedBulkError("SB_USAGE", `expected a name of letters, digits, _ and -, got "${name}"`);
    }
    const file = resolve(`${name}.model.yaml`);
    if (existsSync(file)) {
      throw new SeedBulkError("SB_USAGE", `${name}.model.yaml is there already`, {
        hint: "Nothing was written: give another name.",
      });
    }
    const text = readFileSync(join(packageRoot(), "scenarios", "example.model.yaml"), "utf8");
    writeFileSync(
      file,
      text.replace(/^model: .*$/m, `model: ${name}`).replace("=../schemas/", "=./node_modules/seed-bulk/schemas/"),
    );
    process.stdout.write(
      `Wrote ${name}.model.yaml. Next:\n` +
        `  npx seed-bulk plan --model ${name}.model.yaml\n` +
        `  npx seed-bulk --model ${name}.model.yaml --workers 2\n` +
        "  npx seed-bulk kinds\n",
    );
  });
}

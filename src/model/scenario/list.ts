import { SeedBulkError } from "../../errors.js";
import { knownScenarios } from "./locate.js";
import { nodeAt } from "./nodes.js";
import { readScenarioFile } from "./read.js";

/** A scenario as a listing shows it. */
export interface ListedScenario {
  readonly name: string;
  readonly model: string;
  /** On one line, without control codes; empty where the file gives none. */
  readonly description: string;
  /** Absolute path. */
  readonly file: string;
  readonly extends?: string;
  /** Why the file could not be read; the others are listed all the same. */
  readonly problem?: string;
}

/**
 * Every scenario that can be asked for by name, by model and name. Their keys are not checked.
 * @param searchDirs directories that hold `<model>/<name>.yaml`, the first to have one winning
 */
export async function listScenarios(searchDirs: readonly string[]): Promise<ListedScenario[]> {
  const known = await knownScenarios(searchDirs);
  return Promise.all(
    known.map(async (scenario) => {
      try {
        const root = await readScenarioFile(scenario.file);
        const textOf = (key: string) => {
          const node = nodeAt(root, [key]);
          return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
        };
        const parent = textOf("extends");
        const listed = { ...scenario, description: (textOf("description") ?? "").replace(/[\s\p{Cc}]+/gu, " ").trim() };
        return parent === undefined ? listed : { ...listed, extends: parent };
      } catch (error) {
        if (!(error instanceof SeedBulkError)) throw error;
        return { ...scenario, description: "", problem: error.message };
      }
    }),
  );
}

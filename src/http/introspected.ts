import { introspectDatabase } from "../introspect/introspect.js";
import { modelFileText } from "../introspect/write.js";
import { defineModel } from "../model/file/read.js";
import type { Model } from "../model/model.js";
import { loadScenario } from "../model/scenario/index.js";
import type { IntrospectionAnswer, IntrospectionBody } from "./schemas.js";
import type { Services } from "./services.js";

/** Models that the server has worked out from its own database, for as long as it runs. */
export class IntrospectedModels {
  readonly #models = new Map<string, Model>();
  readonly #given: Services;
  /** What the server was given, with these models among the scenarios. */
  readonly services: Services;

  constructor(given: Services) {
    this.#given = given;
    this.services = {
      ...given,
      listScenarios: async () => [
        ...[...this.#models.values()].map(({ name, description }) => ({ name, model: name, description, file: "" })),
        ...(await given.listScenarios()),
      ],
      loadScenario: (reference, overrides) => {
        const model = this.#modelOf(reference);
        if (model === undefined) return given.loadScenario(reference, overrides);
        const models = { get: async () => model, keys: () => [model.name] };
        return loadScenario({ model: model.name, name: undefined, models, searchDirs: [], overrides });
      },
    };
  }

  /** Works out how the tables of the server's database are filled; a model of the same name before is gone. */
  async introspect({ rows, ...request }: IntrospectionBody): Promise<IntrospectionAnswer> {
    const { url, settings } = this.#given.target;
    const found = await introspectDatabase(url, { ...request, rows, ...(settings && { settings }) });
    const model = defineModel(found.declaration);
    this.#models.set(model.name, model);
    const kept = Object.values(found.declaration.tables).filter((table) => table.keep).length;
    return {
      scenario: `${model.name}/${model.name}`,
      tables: model.entities.length - kept,
      kept,
      refused: found.refused.map(({ schema, table, reason }) => ({ schema, table, reason })),
      notes: [...found.notes],
      modelFile: modelFileText(found),
    };
  }

  #modelOf(reference: string): Model | undefined {
    const [name, scenario = name] = reference.split("/");
    return name === scenario ? this.#models.get(name) : undefined;
  }
}

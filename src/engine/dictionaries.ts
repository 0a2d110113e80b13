import { faker } from "@faker-js/faker/locale/en";
import { type SharedDictionary, shareDictionary } from "../core/dictionary.js";
import type { Model } from "../model/model.js";

/** Faker's seed is fixed: word lists belong to the model, a run's seed only chooses among them. */
const FAKER_SEED = 20_240_101;

/** A server opens a universe for each request, and the words are the same in all of a model. */
const made = new WeakMap<Model, Readonly<Record<string, SharedDictionary>>>();

/** A model's dictionaries in shared memory, made once a process. */
export function makeDictionaries(model: Model): Readonly<Record<string, SharedDictionary>> {
  const dictionaries = made.get(model) ?? allOf(model);
  made.set(model, dictionaries);
  return dictionaries;
}

/** Each starts Faker anew, so that one does not move another. */
function allOf(model: Model): Readonly<Record<string, SharedDictionary>> {
  return Object.fromEntries(
    Object.entries(model.dictionaries).map(([name, source]) => {
      faker.seed(FAKER_SEED);
      // Dates relative to now would move with the clock.
      faker.setDefaultRefDate("2024-01-01T00:00:00.000Z");
      return [name, shareDictionary(source(faker))];
    }),
  );
}

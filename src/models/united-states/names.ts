import type { Faker } from "@faker-js/faker";
import type { DictionarySource } from "../../model/model.js";

/** First and last names, and each as it stands in an address; a name and its slug have the same code. */
export const nameDictionaries = {
  first_names: firstNames,
  first_slugs: (faker) => firstNames(faker).map(slugOf),
  last_names: lastNames,
  last_slugs: (faker) => lastNames(faker).map(slugOf),
} as const satisfies Record<string, DictionarySource>;

function firstNames({ definitions: { person } }: Faker): readonly string[] {
  return distinct([...(person.first_name.female ?? []), ...(person.first_name.male ?? [])]);
}

function lastNames({ definitions: { person } }: Faker): readonly string[] {
  return distinct(person.last_name.generic ?? []);
}

/** The words in their order, without those whose slug came before. */
function distinct(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => !seen.has(slugOf(word)) && seen.add(slugOf(word)));
}

/** ASCII lower case with hyphens: what a name looks like in an address. */
export function slugOf(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.]/g, "")
    .toLowerCase()
    .replace(/&/g, "and")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

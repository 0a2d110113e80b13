import type { Faker } from "@faker-js/faker";
import type { Column } from "../../columns/column.js";
import { rankedWord } from "../../columns/text.js";
import type { DictionarySource } from "../../model/model.js";

/** The most frequent first names of a century (Social Security Administration, births 1925 to 2024), women's and men's in turn. */
const FREQUENT_FIRST_NAMES = `
  James Mary Michael Patricia Robert Jennifer John Linda David Elizabeth William Barbara Richard Susan Joseph Jessica
  Thomas Karen Christopher Sarah Charles Lisa Daniel Nancy Matthew Sandra Anthony Ashley Mark Emily Donald Kimberly
  Steven Betty Andrew Margaret Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa Timothy Deborah
  Ronald Stephanie Jason Rebecca George Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Nicholas Kathleen
  Gary Angela Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela Justin Nicole Scott Anna Brandon Samantha Benjamin
  Katherine Samuel Christine Gregory Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Olivia
  Dennis Heather Jerry Helen`;

/** The most frequent surnames (Census Bureau, 2010). */
const FREQUENT_LAST_NAMES = `
  Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
  Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young
  Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter
  Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers
  Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez
  Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez`;

/** First and last names, the most frequent first, and each as it stands in an address; a name and its slug have the same code. */
export const nameDictionaries = {
  first_names: firstNames,
  first_slugs: (faker) => firstNames(faker).map(slugOf),
  last_names: lastNames,
  last_slugs: (faker) => lastNames(faker).map(slugOf),
} as const satisfies Record<string, DictionarySource>;

/** A first name, by its rank among all. */
export function firstName(): Column {
  return rankedWord("first_names", { exponent: 0.9, shift: 12 });
}

/** A surname, by its rank among all. */
export function lastName(): Column {
  return rankedWord("last_names", { exponent: 0.9, shift: 8 });
}

function firstNames({ definitions: { person } }: Faker): readonly string[] {
  const { female = [], male = [] } = person.first_name;
  return distinct([...wordsOf(FREQUENT_FIRST_NAMES), ...strided([...female, ...male])]);
}

function lastNames({ definitions: { person } }: Faker): readonly string[] {
  return distinct([...wordsOf(FREQUENT_LAST_NAMES), ...strided(person.last_name.generic ?? [])]);
}

function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The words from all over the alphabet: a rank in its order would make names with an A the frequent ones. */
function strided(words: readonly string[]): string[] {
  const stride = 97;
  return Array.from({ length: stride }, (_, start) => words.filter((_word, at) => at % stride === start)).flat();
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

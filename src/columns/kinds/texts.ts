import type { Faker } from "@faker-js/faker";
import * as z from "zod";
import { TEXT } from "../../core/sql-type.js";

import { shuffledWord } from "../lists.js";
import { patternSize, patternText, shapedText } from "../patterns.js";
import { shapeOf } from "../shapes.js";
import { format, sameCode, word } from "../text.js";
import { typeAmong } from "./keys.js";
import { DeclarationError, kind, path, range } from "./kind.js";

/** How many words a list has, where Faker has as many. */
const WORDS = 2000;

/** Lists of words by name; each is made once a process, with Faker seeded anew. */
export const WORD_LISTS: Readonly<Record<string, (faker: Faker) => readonly string[]>> = {
  first_name: distinct((faker) => faker.person.firstName()),
  last_name: distinct((faker) => faker.person.lastName()),
  company: distinct((faker) => faker.company.name()),
  city: distinct((faker) => faker.location.city()),
  country: distinct((faker) => faker.location.country()),
  street: distinct((faker) => faker.location.street()),
  job: distinct((faker) => faker.person.jobTitle()),
  product: distinct((faker) => faker.commerce.productName()),
  department: distinct((faker) => faker.commerce.department()),
  color: distinct((faker) => faker.color.human()),
  noun: distinct((faker) => faker.word.noun()),
  sentence: distinct((faker) => faker.lorem.sentence()),
  paragraph: distinct((faker) => faker.lorem.paragraph()),
};

/** What stands behind a list's name where its words are wanted in small letters and digits alone. */
export const SLUG_SUFFIX = "#slug";

function distinct(make: (faker: Faker) => string): (faker: Faker) => readonly string[] {
  return (faker) => [...new Set(Array.from({ length: WORDS }, () => make(faker)))];
}

/** A word as addresses have it: `O'Connor` is `oconnor`. */
export function slugOf(text: string): string {
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "") || "x"
  );
}

const listName = () => {
  const error = `expected a list of words among ${Object.keys(WORD_LISTS).join(", ")}`;
  return z.string({ error }).refine((name) => Object.hasOwn(WORD_LISTS, name), { error });
};

export const TEXT_KINDS = [
  kind({
    name: "text",
    value: z.string({ error: "expected a pattern, such as INV-{id:6}" }),
    description: "text put together from other columns; {id:6} pads a number with zeros, {{ is a brace",
    example: 'code: { text: "INV-{id:6}" }',
    canBeUnique: true,
    build: ({ value }, context) => {
      const column = parsed(() => format(value, typeAmong(context, ["text", "varchar"], TEXT)));
      for (const at of column.reads) context.typeOf(at);
      return { ...column, nullable: column.reads.some((at) => context.isNullable(at)) };
    },
  }),
  kind({
    name: "word",
    value: listName(),
    description: `a word of a list: ${Object.keys(WORD_LISTS).join(", ")}`,
    example: "city: { word: city }",
    canBeUnique: true,
    build: ({ value }, context) => {
      context.useWords(value);
      const type = typeAmong(context, ["text"], TEXT);
      return context.isUnique ? shuffledWord(value, type, true) : word(value, type);
    },
  }),
  kind({
    name: "pattern",
    value: z
      .string({ error: "expected a pattern, such as ??-####" })
      .min(1, { error: "expected a pattern, such as ??-####" }),
    description: "text by a pattern: # is a digit, ? a capital letter, a backslash before them makes them themselves",
    example: 'plate: { pattern: "??-####", unique: true }',
    canBeUnique: true,
    build: ({ value }, context) => {
      if (patternSize(value) > Number.MAX_SAFE_INTEGER) {
        throw new DeclarationError("expected a pattern of at most 15 digits, or 11 letters");
      }
      return patternText(value, typeAmong(context, ["text", "varchar"], TEXT), context.isUnique);
    },
  }),
  kind({
    name: "matching",
    value: z.string({ error: "expected a regular expression, such as ^[a-z]{3}-[0-9]{4}$" }).min(1),
    others: {
      length: range("expected the least and the greatest number of letters").optional(),
    },
    description:
      "text that a regular expression of Postgres's matches as a whole, of one length: of branches the first, of " +
      "repetitions a usual number",
    example: 'hash: { matching: "^[0-9a-f]{40}$", unique: true }',
    canBeUnique: true,
    build: ({ value, length }, context) => {
      const places = shapeOf(value, length && { least: length[0], most: length[1] });
      if (places === undefined) {
        throw new DeclarationError("expected a regular expression without look-around, of texts of the lengths given");
      }
      const type = typeAmong(context, ["text", "varchar"], TEXT);
      return shapedText(places, { type, isUnique: context.isUnique, about: value });
    },
  }),
  kind({
    name: "slug",
    value: path(),
    description: "the word of another column in small letters and digits alone, for addresses",
    example: "_first: { slug: first_name }",
    build: ({ value }, context) => {
      const list = `${context.wordsOf(value)}${SLUG_SUFFIX}`;
      context.useWords(list);
      return { ...sameCode(value, list), nullable: context.isNullable(value) };
    },
  }),
] as const;

/** A fault of a template is the file's. */
function parsed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new DeclarationError((error as Error).message.replace(/^assertion failed: /, ""));
  }
}

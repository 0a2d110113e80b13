import { type Dictionary, dictionaryOf, wordAt } from "../core/dictionary.js";
import { SeedBulkError } from "../errors.js";

/**
 * The binary forms of literals of types that have no encoder here, as the server gave them: by the type's name in SQL,
 * then by the literal.
 */
export type LiteralForms = Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;

/**
 * The words of a dictionary in their binary forms; as they are written where nothing is known of the type, which is so
 * where no server is asked: a digest, an export.
 * @throws SeedBulkError SB_INTERNAL where the server was not asked for one of them
 */
export function literalWords(dictionary: Dictionary, sql: string, forms: LiteralForms | undefined): Dictionary {
  if (forms === undefined) return dictionary;
  const words = Array.from({ length: dictionary.count }, (_, code) => wordAt(dictionary, code));
  return dictionaryOf(
    words.map((word) => {
      const form = forms[sql]?.[word];
      // Where a list has no value stands an empty word, under a NULL.
      if (form !== undefined || word === "") return form ?? "";
      throw new SeedBulkError("SB_INTERNAL", `the server was not asked for the ${sql} ${JSON.stringify(word)}`);
    }),
  );
}

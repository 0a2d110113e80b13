import { storedColumns } from "../../src/model/entity.js";
import { contacts } from "../../src/models/marketing/contacts.js";
import { createStatements } from "../../src/postgres/ddl.js";
import { qualified, quoteIdentifier } from "../../src/postgres/identifiers.js";

/** The table that row-at-a-time loaders are measured on: a real one, of every usual type. */
export const CONTACTS = contacts;

/** Statements that make the schema and the contacts table without keys or indexes, as the engine loads it. */
export function contactsStatements(schema: string): string[] {
  return createStatements(schema, [contacts]);
}

/** Stored columns of the contacts table, in its order. */
export function contactsColumns(): string[] {
  return storedColumns(contacts).map(([name]) => name);
}

/** `INSERT INTO schema.contacts (…)`, to be followed by rows. */
export function contactsInsert(schema: string): string {
  return `INSERT INTO ${qualified(schema, contacts.name)} (${contactsColumns().map(quoteIdentifier).join(", ")})`;
}

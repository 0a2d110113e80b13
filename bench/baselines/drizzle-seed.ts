import { close, connect } from "../../src/postgres/connection.js";
import type { DrizzleTask, TaskResult } from "../tasks.js";

/** Fills the contacts table by drizzle-seed, which uses one connection. It is a development dependency: imported here only. */
export async function seedByDrizzle({ url, schema, rows }: DrizzleTask): Promise<TaskResult> {
  const { seed } = await import("drizzle-seed");
  const { drizzle } = await import("drizzle-orm/node-postgres");
  const client = await connect(url, "bench drizzle-seed");
  const contacts = await contactsTable(schema);
  const began = performance.now();
  await seed(drizzle(client), { contacts }, { count: rows });
  const seconds = (performance.now() - began) / 1000;
  await close(client);
  return { seconds, rows };
}

/** Why drizzle-seed cannot be measured here; undefined where it can. */
export async function drizzleMissing(): Promise<string | undefined> {
  try {
    await import("drizzle-seed");
    await import("drizzle-orm/node-postgres");
    return undefined;
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return "drizzle-seed and drizzle-orm are not installed; they are development dependencies";
  }
}

/** The contacts table in drizzle's words; the columns are those of the model. */
async function contactsTable(schema: string) {
  const { bigint, boolean, date, pgSchema, smallint, text, timestamp } = await import("drizzle-orm/pg-core");
  const made = pgSchema(schema);
  const stage = made.enum("lifecycle_stage", ["lead", "prospect", "customer", "loyal", "churned"]);
  const source = made.enum("contact_source", ["list_import", "web_form", "referral", "event", "in_store"]);
  return made.table("contacts", {
    id: bigint({ mode: "number" }).primaryKey(),
    client_id: bigint({ mode: "number" }).notNull(),
    first_name: text().notNull(),
    last_name: text().notNull(),
    email: text().notNull(),
    phone: text().notNull(),
    address_line1: text().notNull(),
    address_line2: text(),
    postal_code: text().notNull(),
    city: text().notNull(),
    state: text().notNull(),
    lifecycle_stage: stage().notNull(),
    source: source().notNull(),
    lead_score: smallint().notNull(),
    date_of_birth: date(),
    tags: text().array().notNull(),
    email_opt_in: boolean().notNull(),
    created_at: timestamp({ withTimezone: true }).notNull(),
    updated_at: timestamp({ withTimezone: true }).notNull(),
  });
}

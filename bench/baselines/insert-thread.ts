import { workerData } from "node:worker_threads";
import { faker } from "@faker-js/faker";
import { close, connect } from "../../src/postgres/connection.js";
import { contactsColumns, contactsInsert } from "./contacts.js";
import type { InsertThreadData } from "./insert.js";
import { whenAllAreReady } from "./threads.js";

/** Rows a statement: 19 columns of them stay below Postgres' 65,535 parameters. */
const STATEMENT_ROWS_MAX = 1000;
const WINDOW = { from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" };

const { url, schema, start, end } = workerData as InsertThreadData;
const columns = contactsColumns();
const client = await connect(url, "bench insert");
await whenAllAreReady(async () => {
  for (let id = start; id < end; id += STATEMENT_ROWS_MAX) {
    const rows = Array.from({ length: Math.min(STATEMENT_ROWS_MAX, end - id) }, (_, i) => contact(id + i));
    let parameter = 0;
    const places = rows.map(() => `(${columns.map(() => `$${++parameter}`).join(", ")})`);
    await client.query(`${contactsInsert(schema)} VALUES ${places.join(", ")}`, rows.flat());
  }
});
await close(client);

/** A contact's values in the order of the table's columns. */
function contact(id: number): unknown[] {
  const firstName = faker.person.firstName();
  const lastName = faker.person.lastName();
  const createdAt = faker.date.between(WINDOW);
  const values: Record<string, unknown> = {
    id,
    client_id: faker.number.int({ min: 1, max: 100 }),
    first_name: firstName,
    last_name: lastName,
    email: faker.internet.email({ firstName, lastName }),
    phone: faker.phone.number({ style: "international" }),
    address_line1: faker.location.streetAddress(),
    address_line2: faker.datatype.boolean(0.22) ? faker.location.secondaryAddress() : null,
    postal_code: faker.location.zipCode(),
    city: faker.location.city(),
    state: faker.location.state({ abbreviated: true }),
    lifecycle_stage: faker.helpers.arrayElement(["lead", "prospect", "customer", "loyal", "churned"]),
    source: faker.helpers.arrayElement(["list_import", "web_form", "referral", "event", "in_store"]),
    lead_score: faker.number.int({ min: 0, max: 100 }),
    date_of_birth: faker.datatype.boolean(0.62) ? faker.date.birthdate() : null,
    tags: faker.helpers.arrayElements(["vip", "newsletter", "promo", "holiday"], { min: 0, max: 3 }),
    email_opt_in: faker.datatype.boolean(0.71),
    created_at: createdAt,
    updated_at: faker.date.between({ from: createdAt, to: WINDOW.to }),
  };
  return columns.map((column) => values[column]);
}

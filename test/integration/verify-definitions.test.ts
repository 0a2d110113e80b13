import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { definitionsTask } from "../../src/verify/checks/definitions/definitions.js";
import { type CheckContext, checkContext } from "../../src/verify/context.js";
import type { CheckResult } from "../../src/verify/result.js";
import { verify } from "../../src/verify/verify.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadInProcess, shop } from "../support/verify-shop.js";

const SCHEMA = 'the "shop"';
const { universe, plan } = shop();
const context: CheckContext = { ...checkContext(universe, plan, SCHEMA), unlogged: false };
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = await database.client();
  await loadInProcess(client, universe, SCHEMA);
  await client.query('SET search_path TO "the ""shop"""');
});
afterAll(() => database.drop());
beforeEach(() => client.query("BEGIN"));
afterEach(() => client.query("ROLLBACK"));

/** Looks from within the test's own transaction, which is rolled back: one load serves all tests. */
async function faults(of = context): Promise<CheckResult[]> {
  const inside = Object.create(client) as pg.Client;
  const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    if (text.startsWith("BEGIN")) return client.query("SAVEPOINT look");
    return client.query(text === "ROLLBACK" ? "ROLLBACK TO look" : text, values);
  };
  inside.query = query as pg.Client["query"];
  return (await definitionsTask(of).run(inside)).filter(({ ok }) => !ok);
}

async function told(of = context): Promise<string[]> {
  return (await faults(of)).map(({ entity, found }) => `${entity}: ${found}`);
}

const FKEY = "lines_order_id_fkey";
const KEY_AGAIN = `ALTER TABLE lines DROP CONSTRAINT ${FKEY}, ADD CONSTRAINT ${FKEY} FOREIGN KEY (order_id) REFERENCES`;
const CHECK_AGAIN = "ALTER TABLE orders DROP CONSTRAINT orders_amount_check, ADD CONSTRAINT orders_amount_check CHECK";
const INDEX_AGAIN = "DROP INDEX orders_customer_id_idx; CREATE INDEX orders_customer_id_idx ON orders";
const EAT = "CREATE FUNCTION eat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";

/** Each a kind of tampering: what it is, the statements, and what is said of it. */
const TAMPERINGS: readonly (readonly [string, string, string | RegExp])[] = [
  [
    "a check that is always true",
    `${CHECK_AGAIN} (true)`,
    /orders: the check of amount: expected CHECK \("amount" > 0 AND .*\), found CHECK \(true\)/,
  ],
  [
    "a check with another bound",
    `${CHECK_AGAIN} (amount > 0 AND amount < 100000)`,
    /check of amount: expected CHECK .*10000\), found CHECK .*100000/,
  ],
  [
    "a check by OR",
    `${CHECK_AGAIN} (amount > 0 OR amount < 10000)`,
    /check of amount: expected CHECK .* AND .*, found CHECK .* OR /,
  ],
  [
    "a check that no row was looked at for",
    `${CHECK_AGAIN} (amount > 0 AND amount < 10000) NOT VALID`,
    "orders: the check of amount: expected it valid, found NOT VALID",
  ],
  [
    "a check that is not inherited",
    `${CHECK_AGAIN} (amount > 0 AND amount < 10000) NO INHERIT`,
    /check of amount: expected CHECK .*, found CHECK .* NO INHERIT/,
  ],
  ["no check", "ALTER TABLE orders DROP CONSTRAINT orders_amount_check", "orders: no check of amount"],
  [
    "a check more",
    "ALTER TABLE products ADD CONSTRAINT cheap CHECK (price < 1000)",
    /products: expected no constraint cheap, found CHECK/,
  ],
  [
    "ON DELETE CASCADE",
    `${KEY_AGAIN} orders ON DELETE CASCADE`,
    /lines: the foreign key of order_id: expected FOREIGN KEY \(order_id\) REFERENCES orders\(id\), found .* ON DELETE CASCADE/,
  ],
  [
    "ON UPDATE CASCADE",
    `${KEY_AGAIN} orders ON UPDATE CASCADE`,
    /lines: the foreign key of order_id: expected .*, found .* ON UPDATE CASCADE/,
  ],
  [
    "MATCH FULL",
    `${KEY_AGAIN} orders MATCH FULL`,
    /lines: the foreign key of order_id: expected .*, found .* MATCH FULL/,
  ],
  [
    "a foreign key that waits for the commit",
    `${KEY_AGAIN} orders DEFERRABLE INITIALLY DEFERRED`,
    /lines: the foreign key of order_id: expected .*, found .* DEFERRABLE INITIALLY DEFERRED/,
  ],
  [
    "a foreign key to another table",
    `${KEY_AGAIN} steps`,
    /lines: the foreign key of order_id: expected .* orders\(id\), found .*steps\(id\)/,
  ],
  [
    "a foreign key to a table of that name elsewhere",
    `CREATE SCHEMA other; CREATE TABLE other.orders AS SELECT id FROM orders; ALTER TABLE other.orders ADD PRIMARY KEY (id); ${KEY_AGAIN} other.orders`,
    /lines: the foreign key of order_id: expected .*, found .*other\.orders\(id\)/,
  ],
  [
    "a foreign key that no row was looked at for",
    `${KEY_AGAIN} orders NOT VALID`,
    "lines: the foreign key of order_id: expected it valid, found NOT VALID",
  ],
  [
    "a foreign key more",
    "ALTER TABLE orders ADD FOREIGN KEY (seller_id) REFERENCES customers",
    /orders: expected no constraint orders_seller_id_fkey, found FOREIGN KEY/,
  ],
  [
    "a foreign key twice",
    "ALTER TABLE lines ADD CONSTRAINT again FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE",
    /lines: expected no constraint again, found FOREIGN KEY .* CASCADE/,
  ],
  [
    "triggers off at the child",
    "ALTER TABLE lines DISABLE TRIGGER ALL",
    "lines: the foreign key of order_id: expected its triggers enabled, found them on lines (disabled)",
  ],
  [
    "triggers off at the parent",
    "ALTER TABLE products DISABLE TRIGGER ALL",
    "orders: the foreign key of product_id: expected its triggers enabled, found them on products (disabled)",
  ],
  [
    "a trigger that eats inserts",
    `${EAT}; CREATE TRIGGER eater BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION eat()`,
    /lines: expected no trigger, found CREATE TRIGGER eater BEFORE INSERT/,
  ],
  [
    "a rule that eats inserts",
    "CREATE RULE eater AS ON INSERT TO steps DO INSTEAD NOTHING",
    /steps: expected no rule, found CREATE RULE eater AS ON INSERT .* DO INSTEAD NOTHING/,
  ],
  [
    "row security",
    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
    "orders: expected no row security, found it enabled",
  ],
  [
    "a table that inherits",
    "CREATE TABLE more () INHERITS (products)",
    "products: expected no inheritance, found it with more",
  ],
  ["an unlogged table", "ALTER TABLE steps SET UNLOGGED", "steps: expected a logged table, found it unlogged"],
  [
    "a view in a table's place",
    "ALTER TABLE lines RENAME TO was_lines; CREATE VIEW lines AS SELECT * FROM was_lines",
    "lines: expected a table, found a view",
  ],
  ["a column more", "ALTER TABLE products ADD note text", "products: expected no column note, found one"],
  ["a column less", "ALTER TABLE lines DROP quantity", "lines: no column quantity"],
  [
    "columns in another order",
    "ALTER TABLE lines DROP quantity; ALTER TABLE lines ADD quantity int4 NOT NULL DEFAULT 1; ALTER TABLE lines ALTER quantity DROP DEFAULT; ALTER TABLE lines ADD line2 int4; UPDATE lines SET line2 = line; ALTER TABLE lines DROP line CASCADE; ALTER TABLE lines RENAME line2 TO line; ALTER TABLE lines ADD PRIMARY KEY (order_id, line)",
    "lines: expected the columns in the order order_id, line, quantity, found order_id, quantity, line",
  ],
  [
    "a wider number",
    "ALTER TABLE products ALTER price TYPE int8",
    "products: the type of price: expected int4, found int8",
  ],
  [
    "another scale",
    "ALTER TABLE orders ALTER amount TYPE numeric(12, 4)",
    /orders: the type of amount: expected numeric\(10,2\), found numeric\(12,4\)/,
  ],
  [
    "another collation",
    'ALTER TABLE orders ALTER channel TYPE text COLLATE "C"',
    "orders: channel: expected the type's own collation, found another",
  ],
  [
    "NULL allowed",
    "ALTER TABLE orders ALTER channel DROP NOT NULL",
    "orders: channel: expected NOT NULL, found nullable",
  ],
  [
    "a default",
    "ALTER TABLE orders ALTER channel SET DEFAULT 'web'",
    "orders: channel: expected no default, found DEFAULT 'web'::text",
  ],
  [
    "a generated column",
    "ALTER TABLE lines DROP quantity; ALTER TABLE lines ADD quantity int4 NOT NULL GENERATED ALWAYS AS (line + 1) STORED",
    "lines: quantity: expected no default, found GENERATED ALWAYS AS ((line + 1))",
  ],
  [
    "no identity",
    "ALTER TABLE products ALTER id DROP IDENTITY",
    "products: id: expected GENERATED BY DEFAULT AS IDENTITY, found neither identity nor default",
  ],
  [
    "an identity that is always its own",
    "ALTER TABLE products ALTER id SET GENERATED ALWAYS",
    "products: id: expected GENERATED BY DEFAULT AS IDENTITY, found GENERATED ALWAYS AS IDENTITY",
  ],
  [
    "a sequence that nobody owns",
    "ALTER TABLE products ALTER id DROP IDENTITY; CREATE SEQUENCE loose; ALTER TABLE products ALTER id SET DEFAULT nextval('loose')",
    "products: id: expected GENERATED BY DEFAULT AS IDENTITY, found DEFAULT nextval('loose'::regclass)",
  ],
  [
    "a sequence that leaps",
    "ALTER TABLE products ALTER id SET INCREMENT BY 10",
    /products: the sequence of id: expected from 1 by 1, found .* by 10/,
  ],
  [
    "a sequence that begins again",
    "ALTER TABLE products ALTER id SET CYCLE",
    /products: the sequence of id: expected from 1 by 1, found .* in a cycle/,
  ],
  [
    "a sequence begun anew far too high",
    "ALTER TABLE products ALTER id RESTART WITH 900000; SELECT nextval(pg_get_serial_sequence('products', 'id'))",
    "products: the sequence of id: expected at 500, found at 900000",
  ],
  [
    "a sequence begun anew",
    "ALTER TABLE products ALTER id RESTART",
    "products: the sequence of id: expected at 500, found unused",
  ],
  [
    "a label more",
    "ALTER TYPE region ADD VALUE 'west'",
    "customers: the labels of region: expected ('north', 'south', 'east'), found ('north', 'south', 'east', 'west')",
  ],
  [
    "labels in another order",
    "ALTER TYPE region ADD VALUE 'west' BEFORE 'south'",
    "customers: the labels of region: expected ('north', 'south', 'east'), found ('north', 'west', 'south', 'east')",
  ],
  [
    "a label renamed",
    "ALTER TYPE region RENAME VALUE 'north' TO 'up'",
    "customers: the labels of region: expected ('north', 'south', 'east'), found ('up', 'south', 'east')",
  ],
  [
    "another index method",
    `${INDEX_AGAIN} USING hash (customer_id)`,
    "orders: the index orders_customer_id_idx: expected btree (customer_id), found hash (customer_id)",
  ],
  [
    "another column of an index",
    `${INDEX_AGAIN} (product_id)`,
    "orders: the index orders_customer_id_idx: expected btree (customer_id), found btree (product_id)",
  ],
  [
    "an index of some rows",
    `${INDEX_AGAIN} (customer_id) WHERE is_gift`,
    "orders: the index orders_customer_id_idx: expected btree (customer_id), found btree (customer_id) WHERE is_gift",
  ],
  [
    "an index downwards",
    `${INDEX_AGAIN} (customer_id DESC)`,
    /index orders_customer_id_idx: expected .*, found btree \(customer_id DESC\)/,
  ],
  [
    "an index with a column beside it",
    `${INDEX_AGAIN} (customer_id) INCLUDE (amount)`,
    /index orders_customer_id_idx: expected .*, found btree \(customer_id\) INCLUDE \(amount\)/,
  ],
  [
    "an index of an expression",
    `${INDEX_AGAIN} ((customer_id + 1))`,
    /index orders_customer_id_idx: expected .*, found btree \(\(\(customer_id \+ 1\)\)\)/,
  ],
  [
    "an index that is not valid",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_customer_id_idx'::regclass",
    "orders: the index (customer_id): expected it valid, found it invalid",
  ],
  ["no index", "DROP INDEX orders_customer_id_idx", "orders: no index (customer_id)"],
  [
    "an index that is unique",
    "CREATE UNIQUE INDEX single ON orders (customer_id, id)",
    "orders: expected no unique index single, found UNIQUE btree (customer_id, id)",
  ],
  [
    "a unique key that waits for the commit",
    "ALTER TABLE customers DROP CONSTRAINT customers_email_key, ADD CONSTRAINT customers_email_key UNIQUE (email) DEFERRABLE",
    "customers: the unique key (email): expected UNIQUE (email), found UNIQUE (email) DEFERRABLE",
  ],
  [
    "a unique key by other operators",
    "ALTER TABLE customers DROP CONSTRAINT customers_email_key; CREATE UNIQUE INDEX customers_email_key ON customers (email text_pattern_ops)",
    /customers: no unique key \(email\); the index customers_email_key: expected UNIQUE btree \(email\), found UNIQUE btree \(email text_pattern_ops\)/,
  ],
  ["no primary key", "ALTER TABLE steps DROP CONSTRAINT steps_pkey", "steps: no primary key (id)"],
];

describe("a definition fails, and says what was expected and found, for", () => {
  it.each(TAMPERINGS)("%s", async (_what, sql, expected) => {
    await client.query(sql);
    const found = await told();
    expect(found).toEqual([typeof expected === "string" ? expected : expect.stringMatching(expected)]);
  });

  it("each of several things at once, in one table", async () => {
    await client.query(`${EAT}; CREATE TRIGGER eater BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION eat()`);
    await client.query(`${CHECK_AGAIN} (true); ALTER TABLE orders ADD note text`);
    const [only, ...others] = await faults();
    expect(others).toEqual([]);
    expect(only.offending.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^expected no trigger/),
      "expected no column note, found one",
      expect.stringMatching(/^the check of amount/),
    ]);
  });

  it("logged tables of an unlogged run", async () => {
    expect(await told({ ...context, unlogged: true })).toHaveLength(universe.entities.length);
  });
});

describe("a definition passes", () => {
  it("where nothing was touched, whatever the search path", async () => {
    expect(await told()).toEqual([]);
    await client.query("SET LOCAL search_path TO pg_catalog");
    expect(await told()).toEqual([]);
  });

  it.each([
    ["an index more, which changes nothing but speed", "CREATE INDEX ON orders (product_id)"],
    ["a check in other words", `${CHECK_AGAIN} ((orders.amount > 0) AND (10000 > 0) AND (amount < (10000)::numeric))`],
    ["a key under another name", "ALTER TABLE lines RENAME CONSTRAINT lines_order_id_fkey TO theirs"],
    ["comments, statistics and storage", "COMMENT ON TABLE orders IS 'ours'; ALTER TABLE orders SET (fillfactor = 90)"],
  ])("%s", async (_what, sql) => {
    await client.query(sql);
    expect(await told()).toEqual([]);
  });

  it("the persistence that nobody told", async () => {
    await client.query("ALTER TABLE steps SET UNLOGGED");
    expect(await told(checkContext(universe, plan, SCHEMA))).toEqual([]);
  });
});

describe("a role that may read tables alone", () => {
  const role = `reader_${process.pid}`;
  beforeEach(() =>
    client.query(
      `CREATE ROLE ${role}; GRANT USAGE ON SCHEMA "the ""shop""" TO ${role}; ` +
        `GRANT SELECT ON ALL TABLES IN SCHEMA "the ""shop""" TO ${role}`,
    ),
  );

  it("compares all, where it may read sequences too", async () => {
    await client.query(`GRANT SELECT ON ALL SEQUENCES IN SCHEMA "the ""shop""" TO ${role}; ${CHECK_AGAIN} (true)`);
    await client.query(`SET LOCAL ROLE ${role}`);
    expect(await told()).toEqual([expect.stringMatching(/^orders: the check of amount: expected .* CHECK \(true\)$/)]);
  });

  it("is told what it may not read, which is no fault of the data", async () => {
    await client.query(`SET LOCAL ROLE ${role}`);
    await expect(told()).rejects.toMatchObject({
      code: "SB_DATABASE_AUTH",
      hint: expect.stringContaining('GRANT SELECT ON ALL SEQUENCES IN SCHEMA "the ""shop"""'),
    });
  });
});

describe("verify", () => {
  it("fails for a definition alone, seen from a connection of its own", async () => {
    await client.query(`${CHECK_AGAIN} (true); COMMIT`);
    try {
      const options = { url: database.url, schema: SCHEMA, universe, plan, unlogged: false, connections: 1 };
      const { ok, checks } = await verify(options);
      expect(ok).toBe(false);
      expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(["definition of orders"]);
    } finally {
      await client.query(`${CHECK_AGAIN} (amount > 0 AND amount < 10000)`);
    }
  });
});

import { spawnSync } from "node:child_process";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { psqlLine } from "../../src/cli/database.js";
import { requireFitServer } from "../../src/engine/guard/server-requirements.js";
import { ensureLedger } from "../../src/ledger/schema.js";
import { close, connect, inTransaction } from "../../src/postgres/connection.js";
import { quoteIdentifier, quoteLiteral } from "../../src/postgres/identifiers.js";
import { type CommandResult, runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { loadSmall } from "../support/safety-run.js";
import { adminUrlOf, withDatabase } from "../support/test-server.js";

const ENABLED = { SEED_BULK_ENABLED: "true" };
const SCENARIO = ["--scenario", "demo", "--scale", "0.05", "--workers", "1", "--no-verify"];

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  owner = await database.client();
});
afterAll(() => database.drop());

/** Names of schemas that a test may fill; of roles, which all databases of a server share. */
let count = 0;
let schema: string;
beforeEach(() => {
  schema = `refused_${count++}`;
});

function generate(url: string, ...flags: string[]): Promise<CommandResult> {
  return runCommand([...SCENARIO, "--schema", schema, "--database-url", url, ...flags], ENABLED);
}

/** The database itself, as it stands in a statement. */
async function here(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>("SELECT current_database() AS name");
  return quoteIdentifier(rows[0].name);
}

async function hasSchema(name: string): Promise<boolean> {
  return (await owner.query("SELECT FROM pg_namespace WHERE nspname = $1", [name])).rowCount === 1;
}

/** Makes a role for one test, and takes it away with all that it owns. */
async function withRole(work: (role: string, url: string) => Promise<void>): Promise<void> {
  const role = `refusal role ${process.pid} ${count++}`;
  await owner.query(`CREATE ROLE ${quoteIdentifier(role)} LOGIN PASSWORD 'x'`);
  try {
    await work(role, withUser(database.url, role));
  } finally {
    await owner.query(`DROP OWNED BY ${quoteIdentifier(role)}`);
    await owner.query(`DROP ROLE ${quoteIdentifier(role)}`);
  }
}

function withUser(url: string, user: string): string {
  return url.replace(/^(\w+:\/\/)(?:[^/?@]*@)?/, `$1${encodeURIComponent(user)}:x@`);
}

describe("a database that cannot take what is written", () => {
  it("is refused where somebody set it read only, and the setting stays", async () => {
    await owner.query(`ALTER DATABASE ${await here(owner)} SET default_transaction_read_only = on`);
    try {
      const { code, stderr } = await generate(database.url);
      expect(stderr).toContain("error SB_DATABASE_READ_ONLY");
      expect(stderr).toContain("default_transaction_read_only");
      expect(code).toBe(3);
      const toggled = await runCommand(["toggle", "--disable", "--database-url", database.url], ENABLED);
      expect(toggled.stderr).toContain("error SB_DATABASE_READ_ONLY");
    } finally {
      await owner.query("SET default_transaction_read_only = off");
      await owner.query(`ALTER DATABASE ${await here(owner)} RESET default_transaction_read_only`);
    }
    expect(await hasSchema(schema)).toBe(false);
  });

  it("is refused where it is a standby", async () => {
    // Functions of pg_catalog cannot be replaced for one session: a client that answers as a standby does.
    const standby = {
      query: async () => ({
        rows: [{ number: 170_000, version: "17", isStandby: true, isReadOnly: true, encoding: "UTF8", database: "x" }],
      }),
    };
    await expect(requireFitServer(standby as unknown as pg.Client)).rejects.toMatchObject({
      code: "SB_DATABASE_READ_ONLY",
      hint: expect.stringContaining("primary"),
    });
  });

  it.each(["LATIN1", "SQL_ASCII"])("is refused before the first row where its encoding is %s", async (encoding) => {
    const name = `${JSON.parse(await here(owner))}_${encoding.toLowerCase()}`;
    const admin = new pg.Client(await adminUrlOf(inject("testServer")));
    await admin.connect();
    try {
      await admin.query(
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`,
      );
      const { code, stderr } = await generate(withDatabase(database.url, name));
      expect(stderr).toContain("error SB_DATABASE_ENCODING");
      expect(stderr).toContain(encoding);
      expect(code).toBe(3);
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
    }
  });

  it("is told in its own words where an event trigger raises", async () => {
    await owner.query(
      "CREATE FUNCTION public.no_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not on a Friday'; END $$",
    );
    await owner.query("CREATE EVENT TRIGGER no_ddl ON ddl_command_start EXECUTE FUNCTION public.no_ddl()");
    try {
      const { code, stderr } = await generate(database.url);
      expect(stderr).toContain("error SB_DATABASE_REFUSED");
      expect(stderr).toMatch(/not on a Friday \(SQLSTATE P0001; .*no_ddl\(\)/);
      expect(stderr).toContain("trigger");
      expect(code).toBe(1);
    } finally {
      await owner.query("DROP EVENT TRIGGER no_ddl");
      await owner.query("DROP FUNCTION public.no_ddl()");
    }
  });

  it("says that its connections are used up, and to use fewer workers", async () => {
    await withRole(async (role, url) => {
      await owner.query(`ALTER ROLE ${quoteIdentifier(role)} CONNECTION LIMIT 0`);
      const { stderr } = await runCommand(["status", "--database-url", url]);
      expect(stderr).toContain("error SB_DATABASE_LIMIT");
      expect(stderr).toContain("fewer --workers");
    });
  });
});

describe("a load under way", () => {
  it.each([
    ["shards", "57014", "SB_STATEMENT_CANCELLED"],
    ["shards", "53200", "SB_DATABASE_LIMIT"],
    ["steps", "42501", "SB_DATABASE_AUTH"],
    ["steps", "58030", "SB_DATABASE_FAILED"],
  ])(
    "ends as what the server says when it records %s: %s is %s, and goes on once that is over",
    async (table, state, code) => {
      await inTransaction(owner, () => ensureLedger(owner));
      await owner.query(
        `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no' USING ERRCODE = '${state}'; END $$`,
      );
      await owner.query(`CREATE TRIGGER refuse BEFORE INSERT ON seed_bulk.${table} EXECUTE FUNCTION public.refuse()`);
      try {
        const { stderr } = await generate(database.url);
        expect(stderr).toContain(`error ${code}`);
        expect(stderr).toContain(`SQLSTATE ${state}`);
        expect(stderr).toContain("seed-bulk resume");
      } finally {
        await owner.query("DROP FUNCTION public.refuse() CASCADE");
      }
      const resumed = await runCommand(["resume", "--no-verify", "--database-url", database.url], ENABLED);
      expect(resumed.code, resumed.stderr).toBe(0);
    },
  );
});

describe("a name that somebody's index has", () => {
  it("is found before the load", async () => {
    await owner.query(`CREATE SCHEMA ${schema}`);
    await owner.query(`CREATE TABLE ${schema}.mine (id int)`);
    await owner.query(`CREATE INDEX users_pkey ON ${schema}.mine (id)`);
    await owner.query(`CREATE INDEX sales_pkey ON ${schema}.mine (id)`);
    await expect(loadSmall(database.url, { schema })).rejects.toMatchObject({
      code: "SB_TABLE_EXISTS",
      message: expect.stringContaining("sales_pkey"),
    });
  });
});

describe("two roles in one database", () => {
  it("share the ledger once its owner has granted what the error says", async () => {
    await loadSmall(database.url, { schema: `${schema}_owner` });
    await withRole(async (role, url) => {
      await owner.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${quoteIdentifier(role)}`);
      const refused = await generate(url, "--adopt-schema");
      expect(refused.stderr).toContain("error SB_DATABASE_AUTH");
      const status = await runCommand(["status", "--database-url", url]);
      expect(status.stderr).toContain("error SB_DATABASE_AUTH");
      const grants = /Have \S+ or a superuser run: (.*;)$/m.exec(refused.stderr)?.[1];
      expect(grants).toContain(`TO ${quoteIdentifier(role)};`);
      await owner.query(grants!);
      // Neither CREATE on the database nor on the ledger's schema: both schemas are there.
      const { code, stderr } = await generate(url, "--adopt-schema");
      expect(code, stderr).toBe(0);
      expect((await runCommand(["status", "--database-url", url])).code).toBe(0);
    });
  });

  it("make a ledger in a schema that was made for it, without any right on the database", async () => {
    const own = await testDatabase();
    const admin = await own.client();
    const role = quoteIdentifier(`ledger role ${process.pid}`);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    try {
      await admin.query(`CREATE SCHEMA seed_bulk AUTHORIZATION ${role}`);
      const client = await connect(withUser(own.url, JSON.parse(role)));
      await inTransaction(client, () => ensureLedger(client));
      await close(client);
      const { rows } = await admin.query("SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'seed_bulk'");
      // All that the right to use it asks about, so that a table more cannot be forgotten there.
      expect(rows[0].n).toBe(12);
    } finally {
      await own.drop();
      await owner.query(`DROP ROLE ${role}`);
    }
  });
});

describe("a database whose name holds anything", () => {
  it.each([`a b"c'd`, "100%", "50%25", "Ünï日本", "q?u#e@s:t/x&y=z+$(echo no)`no`", "a\\b"])(
    "is connected to, and psql is told of it: %s",
    async (suffix) => {
      const name = `${JSON.parse(await here(owner))} ${suffix}`;
      await owner.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
      try {
        const url = withDatabase(database.url, encodeURIComponent(name).replaceAll("$", "$$$$"));
        const client = await connect(url);
        const { rows } = await client.query("SELECT current_database() AS name");
        await close(client);
        expect(rows).toEqual([{ name }]);
        const line = `${psqlLine(url)} -Atc 'SELECT current_database()'`;
        const psql = spawnSync("sh", ["-c", line], { encoding: "utf8" });
        if (psql.status !== 127) expect(psql.stdout.trimEnd(), psql.stderr).toBe(name);
      } finally {
        await owner.query(`DROP DATABASE ${quoteIdentifier(name)} WITH (FORCE)`);
      }
    },
  );

  it("is one word to the shell that takes the line for psql", () => {
    const url = `postgres://it's@host/a $(echo no)\`echo no\`"b"\\!c`;
    const shell = `psql() { printf %s "$1"; }; ${psqlLine(url)}`;
    expect(spawnSync("sh", ["-c", shell], { encoding: "utf8" }).stdout).toBe(url);
  });

  it("has passwords with anything too", async () => {
    const role = quoteIdentifier(`password role ${process.pid}`);
    const password = `p@s:s/w? #"'%25 日本\\`;
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD ${quoteLiteral(password)}`);
    try {
      // What the client would send: the server of the tests may trust everybody.
      const encoded = encodeURIComponent(password);
      const client = await connect(withUser(database.url, JSON.parse(role)).replace(":x@", () => `:${encoded}@`));
      expect(client.password).toBe(password);
      await close(client);
    } finally {
      await owner.query(`DROP ROLE ${role}`);
    }
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogOf } from "../support/catalog.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { ENABLED, FaultRun } from "../support/fault-run.js";

const ROOT = resolve(import.meta.dirname, "../..");
const TORTURE = readFileSync(join(ROOT, "test/schemas/torture.sql"), "utf8");
/** Real schemas, which are beside this repository where it is developed, and not in it. */
const REAL = resolve(ROOT, "../shared/schemas");

let folder: string;
let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "seed-bulk-introspect-"));
  database = await testDatabase();
  client = await database.client();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function command(...args: string[]): Promise<{ stdout: string; stderr: string; code: number | null }> {
  return runCommand([...args, "--database-url", database.url], ENABLED);
}

async function introspected(...args: string[]): Promise<string> {
  const out = join(folder, "own.model.yaml");
  const { stderr, code } = await command("introspect", "--out", out, "--name", "own", ...args);
  expect(code, stderr).toBe(0);
  return out;
}

/** As a role that may put rows into some tables, and owns none. */
async function asInserter(tables: string, work: (url: string, role: string) => Promise<void>): Promise<void> {
  const role = `inserter_${process.pid}`;
  await client.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT, INSERT ON ${tables} TO ${role}; GRANT CREATE ON DATABASE ${await ownName()} TO ${role}`,
  );
  try {
    await work(database.url.replace(/\/\/[^@]*@/, `//${role}:x@`), role);
  } finally {
    await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
}

async function ownName(): Promise<string> {
  const { rows } = await client.query<{ name: string }>("SELECT quote_ident(current_database()) AS name");
  return rows[0].name;
}

/** Tables that were left out, with the reasons. */
function leftOut(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^# {3}(\S+): .*$/gm)].map(([line]) => line.slice(4));
}

describe("a schema with each feature that real ones have", () => {
  it("is filled whole but for what nothing can fill, verifies to the byte, and its catalog is as it was", async () => {
    await client.query(TORTURE);
    const before = await catalogOf(client);
    const model = await introspected();
    expect(leftOut(model).map((line) => line.replace(/:.*/, ""))).toEqual([
      "public.never",
      "public.no_columns",
      "public.needs_never",
    ]);
    const { stdout, stderr, code } = await command("--model", model, "--rows", "150000", "--workers", "2");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/Verified: \d+ checks in .*, all hold/);
    // Keys of tables that were there may be NOT VALID: nothing is taken for proved.
    expect(stdout).not.toMatch(/proved by Postgres/);
    expect(await catalogOf(client)).toEqual(before);
    const exact = await command("verify", "--exact");
    expect(exact.code, exact.stdout + exact.stderr).toBe(0);
    const { rows } = await client.query(
      "SELECT (SELECT count(*)::int FROM roles) AS roles, (SELECT count(*)::int FROM members) AS members",
    );
    expect(rows[0].roles).toBe(3);
    expect(rows[0].members).toBeGreaterThan(500);
  });

  it("has the same bytes for any number of workers", async () => {
    await client.query(TORTURE);
    const model = await introspected("--rows", "30000");
    const digests = await Promise.all(
      ["1", "3"].map(async (workers) => {
        const { stdout, code } = await runCommand([
          "--model",
          model,
          "--sink",
          "digest",
          "--json",
          "--workers",
          workers,
        ]);
        expect(code).toBe(0);
        return (JSON.parse(stdout) as { entities: { entity: string; digest: string }[] }).entities.map(
          ({ entity, digest }) => [entity, digest],
        );
      }),
    );
    expect(digests[1]).toEqual(digests[0]);
  });

  it.each(["SIGKILL", "SIGINT"] as const)("loses no definition where its load ends by %s", async (signal) => {
    await client.query(TORTURE);
    const before = await catalogOf(client);
    const model = await introspected();
    const run = new FaultRun(database, "public", [
      "--model",
      model,
      "--rows",
      signal === "SIGKILL" ? "500000" : "200000",
    ]);
    const started = run.start();
    await started.until(/load {2}started/);
    started.child.kill(signal);
    await started.done;
    expect(await catalogOf(client)).not.toEqual(before);
    const owed = await client.query("SELECT count(*)::int AS n FROM seed_bulk.taken_off");
    expect(owed.rows[0].n).toBeGreaterThan(50);
    if (signal === "SIGKILL") {
      const resumed = await command("resume");
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stdout).toMatch(/all hold/);
    } else {
      const cleaned = await command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
      expect(cleaned.code, cleaned.stderr).toBe(0);
      const { rows } = await client.query(
        "SELECT (SELECT count(*)::int FROM conditions) AS gone, (SELECT count(*)::int FROM roles) AS kept",
      );
      expect(rows[0]).toEqual({ gone: 0, kept: 3 });
    }
    expect(await catalogOf(client)).toEqual(before);
  });
});

describe("introspection", () => {
  it("fills the example of its page", async () => {
    const page = readFileSync(join(ROOT, "docs/any-schema.md"), "utf8");
    await client.query(/```sql\n(.*?)```/s.exec(page)![1]);
    const { stderr, code } = await command("fill", "--rows", "20000", "--strict");
    expect(code, stderr).toBe(0);
    for (const wrong of [
      "loans JOIN members m ON m.id = member_id WHERE lent_at < m.created_at",
      "members WHERE email NOT LIKE lower(regexp_replace(first_name, '[^A-Za-z0-9]', '', 'g')) || '.%'",
    ]) {
      expect((await client.query(`SELECT count(*)::int AS n FROM ${wrong}`)).rows[0].n, wrong).toBe(0);
    }
    const states = await client.query("SELECT state::text, count(*)::int FROM loans GROUP BY 1 ORDER BY 1");
    expect(states.rows.map(({ state }) => state)).toEqual(["lost", "out", "returned"]);
  });

  it("leaves tables out that nothing can fill, by the server's words, and loads nothing of them when it is strict", async () => {
    await client.query(
      "CREATE FUNCTION odd(n int, t text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT md5(n::text || t) LIKE ''0000000%'''; " +
        "CREATE TABLE fine (id int PRIMARY KEY); " +
        "CREATE TABLE bad (id int PRIMARY KEY, t text NOT NULL, CHECK (odd(id, t)), fine_id int REFERENCES fine)",
    );
    const strict = await command("fill", "--rows", "1000", "--strict");
    expect(strict.code).toBe(3);
    expect(strict.stderr).toContain("bad_check");
    expect((await client.query("SELECT count(*)::int AS n FROM fine")).rows[0].n).toBe(0);
    const { code, stderr } = await command("fill", "--rows", "1000");
    expect(code, stderr).toBe(0);
    expect((await client.query("SELECT count(*)::int AS n FROM fine")).rows[0].n).toBeGreaterThan(100);
  });

  it("asks the server for values that a condition nobody here reads takes", async () => {
    await client.query(
      "CREATE FUNCTION is_prime(n int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT n > 1 AND NOT EXISTS (SELECT FROM generate_series(2, floor(sqrt(n))::int) d WHERE n % d = 0)'; " +
        "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL CHECK (is_prime(n)), a int, b int, CHECK (a * b = 12))",
    );
    const { code, stderr } = await command("fill", "--rows", "2000", "--strict");
    expect(code, stderr).toBe(0);
    const { rows } = await client.query("SELECT count(*)::int AS n, count(DISTINCT n)::int AS primes FROM t");
    expect(rows[0].n).toBeGreaterThan(1900);
    expect(rows[0].primes).toBeGreaterThan(4);
  });

  it("refuses to fill tables that hold rows, that are not there, or that are another role's", async () => {
    await client.query("CREATE TABLE t (id int PRIMARY KEY)");
    const model = await introspected();
    await client.query("INSERT INTO t VALUES (1)");
    const filled = await command("--model", model);
    expect([filled.code, filled.stderr]).toEqual([3, expect.stringContaining("SB_TABLE_EXISTS")]);
    await client.query("DROP TABLE t");
    const gone = await command("--model", model);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("SB_TABLE_MISSING")]);
    await client.query("CREATE TABLE held AS SELECT 1 AS id");
    const held = await command("fill");
    expect([held.code, held.stderr]).toEqual([3, expect.stringMatching(/SB_TABLE_EXISTS: all tables/)]);
    await client.query("DROP TABLE held");
    const empty = await command("introspect");
    expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("SB_TABLE_MISSING")]);
  });

  it("keeps the rows that a table holds, and notices when they change", async () => {
    await client.query(
      "CREATE TABLE kinds (code text PRIMARY KEY, weight numeric(6,2) NOT NULL UNIQUE); " +
        "INSERT INTO kinds SELECT 'k' || n, n / 4.0 FROM generate_series(1, 1500) n; " +
        "CREATE TABLE things (id uuid PRIMARY KEY, code text NOT NULL REFERENCES kinds, weight numeric(6,2) REFERENCES kinds (weight))",
    );
    const model = await introspected("--rows", "1000");
    const { code, stderr } = await command("--model", model);
    expect(code, stderr).toBe(0);
    const { rows } = await client.query(
      "SELECT (SELECT count(*)::int FROM kinds) AS kinds, count(DISTINCT code)::int AS used FROM things",
    );
    expect(rows[0].kinds).toBe(1500);
    expect(rows[0].used).toBeGreaterThan(500);
    await client.query("TRUNCATE things; DELETE FROM kinds WHERE code = 'k7'");
    const changed = await command("--model", model);
    expect([changed.code, changed.stderr]).toEqual([3, expect.stringMatching(/SB_RUN_CHANGED.*\(k7, 1\.75\)/)]);
    expect((await client.query("SELECT count(*)::int AS n FROM things")).rows[0].n).toBe(0);
  });

  it("empties tables only when it is told to twice, and never leaves an unfinished run behind", async () => {
    await client.query(
      "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL UNIQUE); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a)",
    );
    const before = await catalogOf(client);
    const model = await introspected("--rows", "60000");
    const run = new FaultRun(database, "public", ["--model", model]);
    const started = run.start();
    await started.until(/load {2}started/);
    started.child.kill("SIGKILL");
    await started.done;
    await client.query("TRUNCATE a, b");
    const again = await command("--model", model);
    expect([again.code, again.stderr]).toEqual([3, expect.stringMatching(/SB_REFUSED: run .* is not finished/)]);
    const emptied = await command("--model", model, "--truncate");
    expect(emptied.code, emptied.stderr).toBe(0);
    expect(await catalogOf(client)).toEqual(before);
    const asked = await command("--model", model, "--truncate");
    expect([asked.code, asked.stderr]).toEqual([3, expect.stringContaining("SB_CONFIRMATION_NEEDED")]);
    const agreed = await command("--model", model, "--truncate", "--yes", "--seed", "7");
    expect(agreed.code, agreed.stderr).toBe(0);
    expect(await catalogOf(client)).toEqual(before);
  });

  it("fills the tables of another role in the order of their keys, with all that is on them", async () => {
    await client.query(`
      CREATE TABLE kinds (kind text PRIMARY KEY CHECK (kind IN ('x', 'y')));
      CREATE TABLE a_kinds (id int PRIMARY KEY, kind text NOT NULL REFERENCES kinds CHECK (kind = 'x'));
      CREATE TABLE c (id int PRIMARY KEY, up int REFERENCES c, n serial);
      CREATE TABLE b (id int PRIMARY KEY, c_id int NOT NULL REFERENCES c);
      CREATE TABLE a (b_id int NOT NULL REFERENCES b, c_id int NOT NULL REFERENCES c, PRIMARY KEY (b_id, c_id))`);
    await asInserter("a, b, c, kinds, a_kinds", async (url, role) => {
      const before = await catalogOf(client);
      const { code, stderr, stdout } = await runCommand(
        ["fill", "--rows", "30000", "--workers", "2", "--database-url", url],
        ENABLED,
      );
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/all hold/);
      expect(await catalogOf(client)).toEqual(before);
      await client.query(
        "ALTER TABLE c ADD COLUMN a_b int, ADD COLUMN a_c int, ADD FOREIGN KEY (a_b, a_c) REFERENCES a",
      );
      await client.query(`TRUNCATE a, b, c, kinds, a_kinds; GRANT SELECT, INSERT ON c TO ${role}`);
      const round = await runCommand(["fill", "--rows", "3000", "--database-url", url], ENABLED);
      expect([round.code, round.stderr]).toEqual([3, expect.stringMatching(/around in a circle/)]);
    });
  });

  it("cleans up by their keys the rows that it made, and leaves those that somebody else has put in", async () => {
    await client.query(`
      CREATE TABLE a (id uuid PRIMARY KEY, b_id text);
      CREATE TABLE b (id text PRIMARY KEY, a_id uuid NOT NULL REFERENCES a);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
      CREATE TABLE pairs (a_id uuid NOT NULL REFERENCES a, b_id text NOT NULL REFERENCES b, PRIMARY KEY (a_id, b_id))`);
    const before = await catalogOf(client);
    const { code, stderr } = await command("fill", "--rows", "3000");
    expect(code, stderr).toBe(0);
    await client.query(`
      DELETE FROM pairs WHERE ctid IN (SELECT ctid FROM pairs LIMIT 1);
      INSERT INTO a SELECT '00000000-0000-4000-8000-000000000007';
      INSERT INTO b SELECT 'theirs', '00000000-0000-4000-8000-000000000007';
      INSERT INTO pairs SELECT a_id, id FROM b WHERE id = 'theirs'`);
    const cleaned = await command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
    expect(cleaned.code, cleaned.stderr).toBe(0);
    expect(cleaned.stdout).toMatch(/"public"\."a" held other rows than the run's: these are as they were/);
    const counts =
      "SELECT (SELECT count(*)::int FROM a) AS a, (SELECT count(*)::int FROM b) AS b, (SELECT count(*)::int FROM pairs) AS pairs";
    expect((await client.query(counts)).rows).toEqual([{ a: 1, b: 1, pairs: 1 }]);
    expect(await catalogOf(client)).toEqual(before);
  });

  it("cleans up no rows that were there before it added some, where as many of its own are gone", async () => {
    await client.query(
      "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL); INSERT INTO t SELECT i, -1 FROM generate_series(1, 200) i",
    );
    const { code, stderr } = await command("fill", "--append", "t", "--rows", "200");
    expect(code, stderr).toBe(0);
    await client.query("DELETE FROM t WHERE id > 200");
    expect((await client.query("SELECT FROM t")).rowCount).toBe(200);
    expect((await command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA")).code).toBe(0);
    expect((await client.query("SELECT FROM t WHERE n = -1")).rowCount).toBe(200);
  });

  it("adds no rows by a model that knows fewer rows than are there by now", async () => {
    await client.query(
      "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL); INSERT INTO t SELECT i, -1 FROM generate_series(1, 200) i",
    );
    const model = await introspected("--append", "t", "--rows", "50");
    await client.query("DELETE FROM t WHERE id < 20; INSERT INTO t VALUES (201, -1)");
    const { code, stderr } = await command("--model", model);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/SB_RUN_CHANGED.*holds other rows/)]);
    expect((await client.query("SELECT FROM t")).rowCount).toBe(182);
  });

  it("cleans up nothing where no key tells its rows from others, or where rows of others refer to them", async () => {
    await client.query("CREATE TABLE t (n int NOT NULL); CREATE TABLE p (id int PRIMARY KEY)");
    const { code, stderr } = await command("fill", "--rows", "100");
    expect(code, stderr).toBe(0);
    const cleanup = () => command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
    await client.query("INSERT INTO t VALUES (-1)");
    const keyless = await cleanup();
    expect([keyless.code, keyless.stderr]).toEqual([3, expect.stringMatching(/SB_REFUSED.*no key tells which.*"t"/)]);
    await client.query("DELETE FROM t WHERE n = -1; INSERT INTO p VALUES (-1)");
    await client.query("CREATE TABLE others (p_id int REFERENCES p); INSERT INTO others VALUES (1)");
    const referred = await cleanup();
    expect([referred.code, referred.stderr]).toEqual([3, expect.stringMatching(/SB_REFUSED.*others/)]);
    expect((await client.query("SELECT FROM p")).rowCount).toBeGreaterThan(10);
    await client.query("TRUNCATE others");
    expect((await cleanup()).code).toBe(0);
    expect((await client.query("SELECT id FROM p")).rows).toEqual([{ id: -1 }]);
  });

  it("puts definitions back without loading, and goes on loading with them on", async () => {
    await client.query(
      "CREATE TABLE a (id int PRIMARY KEY, note text); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a, note text); " +
        "CREATE TABLE c (b_id int NOT NULL REFERENCES b, n int NOT NULL, PRIMARY KEY (b_id, n))",
    );
    const before = await catalogOf(client);
    const run = new FaultRun(database, "public", ["--model", await introspected(), "--rows", "500000"]);
    const started = run.start();
    await started.until(/load {2}started/);
    started.child.kill("SIGKILL");
    await started.done;
    const restored = await command("restore-definitions");
    // What the rows that are there do not meet is told, and is the run's to finish.
    if (restored.code !== 0) expect(restored.stderr).toContain("SB_CONSTRAINT_FAILED");
    expect(restored.stdout).toMatch(/^done {4}/m);
    await run.expectWhole();
    expect(await catalogOf(client)).toEqual(before);
  });

  it("leaves a run that owes definitions alone where other tables are made in its schema", async () => {
    await client.query(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a)",
    );
    const before = await catalogOf(client);
    const run = new FaultRun(database, "public", ["--model", await introspected(), "--rows", "500000"]);
    const started = run.start();
    await started.until(/load {2}started/);
    started.child.kill("SIGKILL");
    await started.done;
    const parcels = join(ROOT, "test/fixtures/parcels.model.yaml");
    for (const more of [[], ["--replace", "--yes"]]) {
      const made = await command("--model", parcels, "--schema", "public", "--adopt-schema", "--no-verify", ...more);
      expect(made.code, made.stderr).toBe(0);
    }
    const cleaned = await command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA");
    expect(cleaned.code, cleaned.stderr).toBe(0);
    expect(await catalogOf(client)).toEqual(before);
  });

  it("fills some tables with all that they refer to", async () => {
    await client.query(
      "CREATE TABLE top (id int PRIMARY KEY); CREATE TABLE middle (id int PRIMARY KEY, top_id int NOT NULL REFERENCES top); " +
        "CREATE TABLE leaf (id int PRIMARY KEY, middle_id int REFERENCES middle); CREATE TABLE other (id int PRIMARY KEY)",
    );
    const { code, stderr } = await command("--model", await introspected("--rows", "400"), "--only", "middle");
    expect(code, stderr).toBe(0);
    const { rows } = await client.query(
      "SELECT (SELECT count(*) FROM top) > 0 AS top, (SELECT count(*) FROM middle) > 0 AS middle, (SELECT count(*)::int FROM leaf) AS leaf, (SELECT count(*)::int FROM other) AS other",
    );
    expect(rows[0]).toEqual({ top: true, middle: true, leaf: 0, other: 0 });
  });

  it("adds what a schema has new to a file, and leaves what somebody has written there", async () => {
    await client.query(
      "CREATE TABLE people (id int PRIMARY KEY, email text NOT NULL, old int); CREATE TABLE visits (id int PRIMARY KEY, person_id int NOT NULL REFERENCES people)",
    );
    const model = await introspected("--rows", "500");
    const edited = readFileSync(model, "utf8").replace(/email: .*/, "email: { word: city } # mine");
    writeFileSync(model, edited);
    const same = await command("introspect", "--out", model, "--update");
    expect([same.code, same.stderr]).toEqual([0, expect.stringContaining("Nothing is new.")]);
    expect(readFileSync(model, "utf8")).toBe(edited);
    await client.query(
      "ALTER TABLE people DROP COLUMN old, ADD COLUMN first_name varchar(40), ADD COLUMN boss_id int REFERENCES people; " +
        "CREATE TABLE gifts (person_id int NOT NULL REFERENCES people, kind text NOT NULL CHECK (kind IN ('a', 'b')), PRIMARY KEY (person_id, kind))",
    );
    const { code, stderr } = await command("introspect", "--out", model, "--update");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /New:\n {2}people\.first_name\n {2}people\.boss_id\n {2}gifts\n|New:\n {2}gifts\n {2}people\.first_name\n {2}people\.boss_id\n/,
    );
    expect(stderr).toMatch(/not in the database any more:\n {2}people\.old/);
    const text = readFileSync(model, "utf8");
    expect(text).toContain("email: { word: city } # mine");
    writeFileSync(model, text.replace(/^ *old: .*\n/m, ""));
    const loaded = await command("--model", model);
    expect(loaded.code, loaded.stderr).toBe(0);
    const { rows } = await client.query(
      "SELECT count(first_name)::int AS named, (SELECT count(*)::int FROM gifts) AS gifts FROM people",
    );
    expect(rows[0].named).toBeGreaterThan(10);
    expect(rows[0].gifts).toBeGreaterThan(10);
  });

  it("gives the session the settings that tables ask for, and says which are missing", async () => {
    await client.query(`
      CREATE FUNCTION of_tenant(n int) RETURNS boolean LANGUAGE plpgsql STABLE AS
        $$ BEGIN RETURN n >= current_setting('app.tenant')::int; END $$;
      CREATE TABLE docs (id int PRIMARY KEY, n int NOT NULL CHECK (of_tenant(n)));
      CREATE TABLE others (id int PRIMARY KEY)`);
    const without = await command("introspect");
    expect(without.stderr).toMatch(
      /the setting app\.tenant is asked for by the condition docs_n_check of docs, and not given/,
    );
    expect(leftOut(await introspected())).toEqual([expect.stringContaining("public.docs: ")]);
    const model = await introspected("--set", "app.tenant=700", "--force");
    expect(leftOut(model)).toEqual([]);
    // What it was made with stands in the file, and the command line may say another.
    expect(readFileSync(model, "utf8")).toMatch(/^settings:\n {2}app\.tenant: "700"$/m);
    const refused = await command("--model", model, "--set", "app.tenant=2000000");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/docs_n_check/)]);
    expect((await command("cleanup", "--confirm", "DELETE_ALL_MOCK_DATA")).code).toBe(0);
    const { code, stderr } = await command("--model", model);
    expect(code, stderr).toBe(0);
    const { rows } = await client.query("SELECT min(n) >= 700 AS held, count(*)::int AS count FROM docs");
    expect(rows[0].held).toBe(true);
    expect(rows[0].count).toBeGreaterThan(1000);
    expect((await command("--model", model, "--set", "tenant=1")).stderr).toMatch(/a setting with a dot/);
  });

  it("says what triggers would do, and lets them fire where it is told to, with the database's own search path", async () => {
    await client.query(`
      CREATE SCHEMA app;
      ALTER DATABASE ${await ownName()} SET search_path = app, public;
      CREATE TABLE app.audit (id bigserial PRIMARY KEY, what text NOT NULL);
      CREATE TABLE app.docs (id int PRIMARY KEY, title text NOT NULL, seen boolean NOT NULL);
      CREATE FUNCTION app.shout() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.title := upper(NEW.title); RETURN CASE WHEN NEW.seen THEN NEW END; END $$;
      CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO audit (what) VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
      CREATE TRIGGER shout BEFORE INSERT ON app.docs FOR EACH ROW EXECUTE FUNCTION app.shout();
      CREATE TABLE app.notes (id int PRIMARY KEY, body text NOT NULL);
      CREATE TRIGGER note AFTER INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.note();
      CREATE TABLE app.kept (id int PRIMARY KEY);
      CREATE RULE nowhere AS ON INSERT TO app.kept DO ALSO NOTHING`);
    const { stderr } = await command("introspect");
    expect(stderr).toMatch(/app\.docs: the trigger shout would drop \d+ of 100 rows/);
    expect(stderr).toMatch(/app\.notes: the trigger note would put 100 rows into app\.audit/);
    expect(stderr).toMatch(/app\.kept: rules on INSERT are not asked.*: nowhere/);
    expect((await client.query("SELECT FROM app.audit")).rowCount).toBe(0);
    const model = await introspected("--tables", "app.notes", "--rows", "500");
    const { code } = await command("--model", model, "--triggers", "on", "--no-verify");
    expect(code).toBe(0);
    expect((await client.query("SELECT FROM app.audit")).rowCount).toBe(500);
  });

  it("works from the catalog alone for a role that may not try rows, and says so", async () => {
    await client.query(
      `CREATE TABLE docs (id int PRIMARY KEY, n int NOT NULL CHECK (n BETWEEN 3 AND 5)); REVOKE TEMPORARY ON DATABASE ${await ownName()} FROM PUBLIC`,
    );
    await asInserter("docs", async (url) => {
      const out = join(folder, "own.model.yaml");
      const introspection = await runCommand(["introspect", "--out", out, "--database-url", url], ENABLED);
      expect([introspection.code, introspection.stderr]).toEqual([0, expect.stringMatching(/rows were not tried/)]);
      const { code, stderr } = await runCommand(["--model", out, "--rows", "50", "--database-url", url], ENABLED);
      expect(code, stderr).toBe(0);
    });
  });

  it("refuses tables whose row security applies to the role", async () => {
    await client.query("CREATE TABLE docs (id int PRIMARY KEY); ALTER TABLE docs ENABLE ROW LEVEL SECURITY");
    await asInserter("docs", async (url) => {
      const out = join(folder, "own.model.yaml");
      const introspection = await runCommand(["introspect", "--out", out, "--database-url", url], ENABLED);
      expect(introspection.stderr).toMatch(/docs: row security applies to this role/);
      const { code, stderr } = await runCommand(["--model", out, "--rows", "10", "--database-url", url], ENABLED);
      expect([code, stderr]).toEqual([
        3,
        expect.stringMatching(/SB_REFUSED.*row security applies to this role on public\.docs/),
      ]);
    });
  });

  it("verifies what the catalog promises, beyond what the model knows", async () => {
    await client.query(`
      CREATE TABLE parents (id int PRIMARY KEY);
      CREATE DOMAIN small AS int CHECK (VALUE < 5000);
      CREATE TABLE children (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES parents, n small NOT NULL)`);
    const model = await introspected("--rows", "300");
    expect((await command("--model", model)).code).toBe(0);
    expect((await command("verify")).code).toBe(0);
    await client.query(`
      ALTER TABLE children ADD CONSTRAINT later CHECK (n < 0) NOT VALID;
      ALTER DOMAIN small ADD CONSTRAINT tiny CHECK (VALUE < 2) NOT VALID;
      ALTER TABLE children ADD other int DEFAULT -1;
      ALTER TABLE children ADD CONSTRAINT others FOREIGN KEY (other) REFERENCES parents NOT VALID`);
    const { code, stdout } = await command("verify");
    expect(code).toBe(4);
    expect(stdout).toMatch(/FAILED condition later of children/);
    expect(stdout).toMatch(/FAILED domain of n by tiny of children/);
    expect(stdout).toMatch(/FAILED foreign key others of children/);
    expect(stdout).toMatch(/what the catalog promises +4 +3/);
  });

  it("adds rows behind those that are there, again and again, and takes those of one run out again", async () => {
    await client.query(`
      CREATE TABLE roles (id int PRIMARY KEY, name text NOT NULL UNIQUE CHECK (name IN ('admin', 'user')));
      INSERT INTO roles VALUES (1, 'admin'), (2, 'user');
      CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, code varchar(6) NOT NULL UNIQUE,
        ref uuid NOT NULL UNIQUE, n int UNIQUE, role_id int NOT NULL REFERENCES roles);
      CREATE UNIQUE INDEX ON people (lower(email));
      CREATE TABLE orders (id uuid PRIMARY KEY, person_id bigint NOT NULL REFERENCES people)`);
    const counts = async () =>
      (
        await client.query(
          "SELECT (SELECT count(*)::int FROM people) AS people, (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM roles) AS roles",
        )
      ).rows[0];
    const fill = async (...args: string[]) => {
      const { code, stdout, stderr } = await command("fill", "--rows", "4000", ...args);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    await fill();
    const first = await counts();
    await client.query("DELETE FROM orders WHERE ctid IN (SELECT ctid FROM orders LIMIT 3)");
    // What cannot have more rows keeps its own.
    expect(await fill("--append", "*")).toMatch(/Verified: [1-9]\d* checks .* all hold/);
    await fill("--append", "*");
    const third = await counts();
    expect(third.roles).toBe(2);
    expect(third.people).toBeGreaterThan(first.people * 2.5);
    const { rows: ids } = await client.query(
      "SELECT max(id)::int AS last, count(DISTINCT n)::int AS n, count(n)::int AS given FROM people",
    );
    expect(ids[0].last).toBe(third.people);
    expect(ids[0].n).toBe(ids[0].given);
    const { rows: runs } = await client.query("SELECT run_id FROM seed_bulk.runs ORDER BY started_at");
    const cleaned = await command("cleanup", "--run", runs[1].run_id, "--confirm", "DELETE_ALL_MOCK_DATA");
    expect(cleaned.code, cleaned.stderr).toBe(0);
    const left = await counts();
    expect(left.people).toBeLessThan(third.people);
    expect(left.people).toBeGreaterThan(first.people);
    expect(left.roles).toBe(2);
    const none = await command("fill", "--rows", "10");
    expect([none.code, none.stderr]).toEqual([3, expect.stringMatching(/SB_TABLE_EXISTS.*--append/s)]);
  });

  it("does not write over a file without being told to", async () => {
    await client.query("CREATE TABLE t (id int PRIMARY KEY)");
    const out = join(folder, "own.model.yaml");
    writeFileSync(out, "mine");
    const { code, stderr } = await command("introspect", "--out", out);
    expect([code, stderr]).toEqual([3, expect.stringContaining("SB_FILE_EXISTS")]);
    expect(readFileSync(out, "utf8")).toBe("mine");
  });
});

describe.skipIf(!existsSync(REAL))("real schemas, where they are beside the repository", () => {
  it.each([
    ["northwind", 0],
    ["supabase_auth", 0],
    ["omop_cdm", 0],
    ["synapse", 0],
    ["boundary", 0],
    ["dhis2", 0],
  ])("%s is filled, but for %i tables, and its catalog is as it was", async (name, most) => {
    const maker = await database.client();
    await maker.query(readFileSync(join(REAL, `${name}.sql`), "utf8").replace(/^\\.*$/gm, ""));
    await maker.end();
    const before = await catalogOf(client);
    const model = await introspected();
    expect(leftOut(model).length, leftOut(model).join("\n")).toBeLessThanOrEqual(most);
    const { stdout, stderr, code } = await command("--model", model, "--rows", "60000", "--workers", "2");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/all hold/);
    expect(await catalogOf(client)).toEqual(before);
  });
});

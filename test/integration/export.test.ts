import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storedColumns } from "../../src/model/entity.js";
import { buildPlan } from "../../src/model/plan.js";
import { qualified } from "../../src/postgres/identifiers.js";
import { verifyExact } from "../../src/verify/exact.js";
import { runCommand } from "../support/cli.js";
import { type TestDatabase, testDatabase } from "../support/database.js";
import { contentOf, copyCsv, exportDir, exported, manifestOf, runScript } from "../support/export-files.js";
import { planned } from "../support/planned.js";

let demo: Awaited<ReturnType<typeof planned>>;
let dirs: Record<"csv" | "jsonl" | "sql" | "parquet", string>;
let csvDatabase: TestDatabase;
let sqlDatabase: TestDatabase;
let duck: DuckDBConnection;

beforeAll(async () => {
  demo = await planned("demo");
  dirs = { csv: exportDir(), jsonl: exportDir(), sql: exportDir(), parquet: exportDir() };
  for (const format of ["csv", "jsonl", "sql", "parquet"] as const) await exported(demo, { format, dir: dirs[format] });
  csvDatabase = await testDatabase();
  sqlDatabase = await testDatabase();
  duck = await (await DuckDBInstance.create()).connect();
});
afterAll(async () => {
  duck?.closeSync();
  for (const dir of Object.values(dirs ?? {})) rmSync(dir, { recursive: true });
  await csvDatabase?.drop();
  await sqlDatabase?.drop();
});

async function faults({ url }: TestDatabase) {
  const { schema } = demo.plan.scenario;
  const results = await verifyExact({ url, schema, ...demo, workers: 1 });
  expect(results.map(({ rowsChecked }) => rowsChecked)).toEqual(demo.plan.entities.map(({ rows }) => rows));
  return results.filter(({ ok }) => !ok);
}

describe("exported CSV", () => {
  it("loads between its scripts, and is all that the scenario says, in a database without a ledger", async () => {
    const client = await csvDatabase.client();
    const { schema } = demo.plan.scenario;
    const script = (name: string): string => readFileSync(join(dirs.csv, name), "utf8");
    await client.query(script("schema.sql"));
    for (const { entity } of demo.plan.entities) {
      await copyCsv(client, qualified(schema, entity), join(dirs.csv, `${entity}.csv`));
    }
    await client.query(script("keys.sql"));
    expect(await faults(csvDatabase)).toEqual([]);
    const verify = (...args: string[]) =>
      runCommand(["verify", "--scenario", "demo", "--database-url", csvDatabase.url, "--json", ...args]);
    const { code, stdout, stderr } = await verify("--exact", "--expect-plan", demo.plan.hash.slice(0, 16));
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runId: null, ok: true, planHash: demo.plan.hash });
    expect((await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'seed_bulk'")).rowCount).toBe(0);
    expect((await verify("--seed", "7")).stderr).toContain("SB_VERIFICATION_FAILED");
    const other = await verify("--seed", "7", "--expect-plan", demo.plan.hash.slice(0, 16));
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining("SB_PLAN_UNEXPECTED")]);
  });

  it("has a digest of all its files, as sha256sum makes it", () => {
    const { sha256, files } = manifestOf(dirs.csv);
    const names = files.map(({ file }) => file);
    expect([names[0], names.at(-1)]).toEqual(["schema.sql", "keys.sql"]);
    const sums = execFileSync("sha256sum", names, { cwd: dirs.csv });
    expect(execFileSync("sha256sum", { input: sums, encoding: "utf8" }).slice(0, 64)).toBe(sha256);
  });

  it("that was tampered with is found out", async () => {
    const client = await csvDatabase.client();
    const contacts = qualified(demo.plan.scenario.schema, "contacts");
    await client.query(`UPDATE ${contacts} SET email_opt_in = NOT email_opt_in WHERE id = 3`);
    expect((await faults(csvDatabase)).map(({ entity }) => entity)).toEqual(["contacts"]);
  });
});

describe("the exported script", () => {
  it("builds a database that passes the exact comparison, with keys, references and sequences", async () => {
    const client = await sqlDatabase.client();
    await runScript(client, join(dirs.sql, "load.sql"));
    expect(await faults(sqlDatabase)).toEqual([]);
    await sameFinish(client);
  });

  const psql = spawnSync("psql", ["--version"]).status === 0;
  it.skipIf(!psql)("is run by psql itself (where there is one)", async () => {
    const database = await testDatabase();
    try {
      execFileSync("psql", ["-q", "-X", "-f", join(dirs.sql, "load.sql"), database.url], { stdio: "pipe" });
      expect(await faults(database)).toEqual([]);
      // Once more: the tables are there, so it stops, and leaves what there was.
      const again = spawnSync("psql", ["-q", "-X", "-f", join(dirs.sql, "load.sql"), database.url]);
      expect(again.status).toBe(3);
      expect(await faults(database)).toEqual([]);
    } finally {
      await database.drop();
    }
  });

  // Each of them changes what the script's text means, what its names mean, or ends it early.
  const HOSTILE = {
    statement_timeout: "1h",
    lock_timeout: "1h",
    idle_in_transaction_session_timeout: "1h",
    idle_session_timeout: "1h",
    transaction_timeout: "1h",
    standard_conforming_strings: "off",
    array_nulls: "off",
    DateStyle: "SQL, DMY",
    IntervalStyle: "sql_standard",
    TimeZone: "Pacific/Chatham",
    client_encoding: "LATIN1",
    search_path: "hostile, pg_catalog",
  };
  const NEEDED = {
    ...Object.fromEntries(Object.keys(HOSTILE).map((name) => [name, name.endsWith("timeout") ? "0" : "on"])),
    DateStyle: "ISO, YMD",
    IntervalStyle: "postgres",
    TimeZone: "UTC",
    client_encoding: "UTF8",
    search_path: "pg_catalog",
  };

  it.skipIf(!psql)("takes nothing from the database's settings, and leaves the session its own", async () => {
    const database = await testDatabase();
    const client = await database.client();
    const report = join(dirs.sql, "report.sql");
    try {
      // Types and functions that would be taken for Postgres's own.
      await client.query(
        "CREATE SCHEMA hostile; CREATE DOMAIN hostile.timestamptz AS text; CREATE DOMAIN hostile.text AS varchar(1); " +
          "CREATE FUNCTION hostile.pg_get_serial_sequence(text, text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
      );
      const known = await client.query<{ name: string }>("SELECT name FROM pg_settings WHERE name = ANY ($1)", [
        Object.keys(HOSTILE),
      ]);
      const names = known.rows.map(({ name }) => name);
      const [{ me }] = (await client.query<{ me: string }>("SELECT current_database() AS me")).rows;
      for (const name of names) {
        const value = HOSTILE[name as keyof typeof HOSTILE];
        await client.query(`ALTER DATABASE "${me}" SET ${name} = ${name === "search_path" ? value : `'${value}'`}`);
      }
      const show = names.map((name) => `pg_catalog.current_setting('${name}')`).join(" || '|' || ");
      const script = readFileSync(join(dirs.sql, "load.sql"), "utf8").replace(/COMMIT;\n$/, "");
      writeFileSync(report, `\\t\n${script}SELECT 'within|' || ${show};\nCOMMIT;\nSELECT 'after|' || ${show};\n`);
      const out = execFileSync("psql", ["-q", "-A", "-X", "-v", "ON_ERROR_STOP=1", "-f", report, database.url], {
        env: { ...process.env, PGCLIENTENCODING: "LATIN1" },
        encoding: "utf8",
      });
      const told = (when: string) => out.split("\n").find((line) => line.startsWith(`${when}|`));
      const values = (of: Readonly<Record<string, string>>) => names.map((name) => of[name]).join("|");
      expect(told("within")).toBe(`within|${values(NEEDED)}`);
      expect(told("after")).toBe(`after|${values(HOSTILE)}`);
      await client.query(`ALTER DATABASE "${me}" RESET ALL`);
      expect(await faults(database)).toEqual([]);
      await sameFinish(client);
    } finally {
      rmSync(report, { force: true });
      await database.drop();
    }
  });

  it.skipIf(!psql)("does not write into a database that somebody made read only", async () => {
    const database = await testDatabase();
    try {
      const [{ me }] = (await (await database.client()).query<{ me: string }>("SELECT current_database() AS me")).rows;
      await (await database.client()).query(`ALTER DATABASE "${me}" SET default_transaction_read_only = on`);
      const refused = spawnSync("psql", ["-q", "-X", "-f", join(dirs.sql, "load.sql"), database.url]);
      expect(refused.status).toBe(3);
      expect(String(refused.stderr)).toContain("read-only transaction");
    } finally {
      await database.drop();
    }
  });

  async function sameFinish(client: Awaited<ReturnType<TestDatabase["client"]>>): Promise<void> {
    const { schema } = demo.plan.scenario;
    const { rows } = await client.query<{ kind: string; count: number }>(
      "SELECT contype AS kind, count(*)::int AS count FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace " +
        "WHERE n.nspname = $1 AND contype IN ('p', 'f') AND convalidated GROUP BY 1 ORDER BY 1",
      [schema],
    );
    const references = demo.universe.entities.flatMap((entity) =>
      storedColumns(entity).filter(([, { references }]) => references?.foreignKey),
    );
    expect(rows).toEqual([
      { kind: "f", count: references.length },
      { kind: "p", count: demo.universe.entities.length },
    ]);
    const next = await client.query(`SELECT nextval(pg_get_serial_sequence($1, 'id'))::int AS id`, [
      qualified(schema, "contacts"),
    ]);
    expect(next.rows).toEqual([{ id: demo.universe.rowCount("contacts") + 1 }]);
  }
});

/** What a column is to DuckDB when it comes from Parquet. */
function duckType(type: ReturnType<typeof storedColumns>[number][1]["type"]): string {
  switch (type.name) {
    case "int2":
      return "SMALLINT";
    case "int4":
      return "INTEGER";
    case "int8":
      return "BIGINT";
    case "float8":
      return "DOUBLE";
    case "bool":
      return "BOOLEAN";
    case "numeric":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "date":
      return "DATE";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMP WITH TIME ZONE";
    case "uuid":
      return "UUID";
    case "jsonb":
      return "JSON";
    case "text[]":
      return "VARCHAR[]";
    default:
      return "VARCHAR";
  }
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await duck.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
}

describe("DuckDB", () => {
  it("reads the Parquet with the types of the tables", async () => {
    for (const entity of demo.universe.entities) {
      const described = await query(`DESCRIBE SELECT * FROM '${join(dirs.parquet, `${entity.name}.parquet`)}'`);
      const types = described.map((column) => [column["column_name"], column["column_type"]]);
      expect(types).toEqual(storedColumns(entity).map(([name, { type }]) => [name, duckType(type)]));
    }
  });

  it("finds in Parquet and CSV what Postgres has: counts, sums, distinct values, NULLs, of every column", async () => {
    const client = await sqlDatabase.client();
    for (const entity of demo.universe.entities) {
      const columns = storedColumns(entity);
      const table = qualified(demo.plan.scenario.schema, entity.name);
      const figures = (dialect: "postgres" | "duck"): string =>
        columns
          .map(([name, { type }], i) => `${figure(name, type.name, dialect)} AS f${i}, count("${name}") AS n${i}`)
          .join(", ");
      const { rows } = await client.query(`SELECT count(*) AS n, ${figures("postgres")} FROM ${table}`);
      const expected = Object.fromEntries(Object.entries(rows[0]).map(([key, value]) => [key, String(value)]));
      const casts = columns.map(
        ([name, { type }]) => `"${name}": '${duckType(type).replace("JSON", "VARCHAR").replace("[]", "")}'`,
      );
      const csv = `read_csv('${join(dirs.csv, `${entity.name}.csv`)}', header = true, allow_quoted_nulls = false, types = {${casts.join(", ")}})`;
      for (const source of [`'${join(dirs.parquet, `${entity.name}.parquet`)}'`, csv]) {
        const [found] = await query(`SELECT count(*) AS n, ${figures("duck")} FROM ${source}`);
        const texts = Object.fromEntries(Object.entries(found).map(([key, value]) => [key, String(value)]));
        expect(texts, `${entity.name} from ${source}`).toEqual(expected);
      }
    }
  });

  it("finds the same rows in Parquet as in JSON Lines", async () => {
    const rows = await query(`SELECT * FROM '${join(dirs.parquet, "contacts.parquet")}' ORDER BY id LIMIT 50`);
    const [count] = await query(`SELECT count(*) AS n FROM read_json('${join(dirs.jsonl, "contacts.jsonl")}')`);
    expect(Number(count["n"])).toBe(demo.universe.rowCount("contacts"));
    const lines = Buffer.from(contentOf(dirs.jsonl)["contacts.jsonl"], "base64").toString().split("\n");
    expect(lines.at(-1)).toBe("");
    for (const [i, row] of rows.entries()) {
      const line = JSON.parse(lines[i]);
      const { id, email, tags, email_opt_in, date_of_birth } = line;
      expect({ id: String(id), email, tags, email_opt_in, date_of_birth }).toEqual({
        id: String(row["id"]),
        email: row["email"],
        tags: row["tags"],
        email_opt_in: row["email_opt_in"],
        date_of_birth: row["date_of_birth"],
      });
    }
  });

  it("sees dictionaries in the string columns and bounded row groups", async () => {
    const file = join(dirs.parquet, "contacts.parquet");
    const meta = await query(
      `SELECT path_in_schema AS c, encodings, row_group_num_rows AS n FROM parquet_metadata('${file}')`,
    );
    const city = meta.find((row) => row["c"] === "city")!;
    expect(city["encodings"]).toContain("RLE_DICTIONARY");
    for (const row of meta) expect(Number(row["n"])).toBeLessThanOrEqual(65_536);
  });
});

/** A figure that changes with any value of the column: a sum, or the number of different values. */
function figure(name: string, type: string, dialect: "postgres" | "duck"): string {
  const column = `"${name}"`;
  switch (type) {
    case "int2":
    case "int4":
    case "int8":
    case "numeric":
      return `sum(${column})`;
    case "bool":
      return dialect === "postgres" ? `sum(${column}::int)` : `sum(CAST(${column} AS INTEGER))`;
    case "timestamptz":
    case "timestamp":
      return dialect === "postgres"
        ? `sum((extract(epoch FROM ${column}) * 1000000)::numeric(30, 0))`
        : `sum(CAST(epoch_us(${column}) AS HUGEINT))`;
    case "date":
      return `sum(${column} - date '1970-01-01')`;
    case "jsonb":
    case "text[]":
      return `count(${column})`;
    case "inet":
      return dialect === "postgres" ? `sum(length(host(${column})))` : `sum(length(${column}))`;
    default:
      return dialect === "postgres" ? `sum(octet_length(${column}::text))` : `sum(strlen(CAST(${column} AS VARCHAR)))`;
  }
}

describe("an export", () => {
  it("is the same for any number of workers, and in parts it is the whole", async () => {
    for (const format of ["csv", "parquet"] as const) {
      const dir = exportDir();
      const one = await exported(demo, { format, dir, workers: 1 });
      expect(contentOf(dir)).toEqual(contentOf(dirs[format]));
      expect(one.manifest).toEqual(manifestOf(dirs[format]));
      rmSync(dir, { recursive: true });
    }
    const parts = exportDir();
    const { manifest } = await exported(demo, { format: "jsonl", dir: parts, rowsPerFile: 700 });
    const whole = contentOf(dirs.jsonl);
    const content = contentOf(parts);
    for (const { entity, rows } of demo.plan.entities) {
      const files = manifest.files.filter((file) => file.entity === entity);
      expect(files.length).toBe(Math.max(1, Math.ceil(rows / 700)));
      const joined = Buffer.concat(files.map(({ file }) => Buffer.from(content[file], "base64")));
      expect(joined.equals(Buffer.from(whole[`${entity}.jsonl`], "base64")), entity).toBe(true);
    }
    rmSync(parts, { recursive: true });
  });

  it("compressed is the same data", async () => {
    const only = { ...demo, plan: buildPlan(demo.universe, ["contacts"]) };
    const expected = Buffer.from(contentOf(dirs.csv)["contacts.csv"], "base64");
    for (const compression of ["gzip", "zstd"] as const) {
      const dir = exportDir();
      const { manifest } = await exported(only, { format: "csv", dir, compression });
      const { file } = manifest.files.find(({ entity }) => entity === "contacts")!;
      const bytes = Buffer.from(contentOf(dir)[file], "base64");
      if (compression === "gzip") expect(gunzipSync(bytes).equals(expected)).toBe(true);
      else {
        // One frame after another, which DuckDB reads as it reads one.
        const [found] = await query(`SELECT count(*) AS n, sum(id) AS s FROM read_csv('${join(dir, file)}')`);
        const [plain] = await query(
          `SELECT count(*) AS n, sum(id) AS s FROM read_csv('${join(dirs.csv, "contacts.csv")}')`,
        );
        expect(found).toEqual(plain);
      }
      const parquetDir = exportDir();
      await exported(only, { format: "parquet", dir: parquetDir, compression });
      const [row] = await query(`SELECT count(*) AS n FROM '${join(parquetDir, "contacts.parquet")}'`);
      expect(Number(row["n"])).toBe(demo.universe.rowCount("contacts"));
      rmSync(dir, { recursive: true });
      rmSync(parquetDir, { recursive: true });
    }
  });

  it("tells rows, bytes, IDs and digests in its manifest", () => {
    const manifest = manifestOf(dirs.csv);
    expect(manifest).toMatchObject({
      complete: true,
      planHash: demo.plan.hash,
      seed: demo.plan.scenario.seed,
      generatorVersion: demo.plan.generatorVersion,
      rows: demo.plan.rows,
    });
    const sums = manifest.files.map(({ file, sha256 }) => `${sha256}  ${join(dirs.csv, file)}\n`).join("");
    const list = join(dirs.csv, "sums");
    writeFileSync(list, sums);
    expect(spawnSync("sha256sum", ["-c", "--quiet", list]).status).toBe(0);
    rmSync(list);
    expect(manifest.files.find(({ entity }) => entity === "contacts")).toMatchObject({
      rows: demo.universe.rowCount("contacts"),
      ids: [1, demo.universe.rowCount("contacts") + 1],
    });
  });
});

import type pg from "pg";
import { openWithoutPlan } from "../engine/open.js";
import { SeedBulkError } from "../errors.js";
import { defineModel } from "../model/file/read.js";
import type { Universe } from "../model/universe.js";
import { close, connect, inReading } from "../postgres/connection.js";
import { quoteLiteral } from "../postgres/identifiers.js";
import { withSession } from "../postgres/session.js";
import { rowsBefore } from "./added.js";
import { type CatalogRequest, type CatalogTable, isNamed, readCatalog } from "./catalog.js";
import { type Accepted, typesToAsk } from "./columns.js";
import { foldedCalls } from "./conditions/folded.js";
import type { Read } from "./conditions/of-table.js";
import { conditionParser } from "./conditions/parse.js";
import { readKept } from "./kept.js";
import { type Fix, type IntrospectedModel, modelOfCatalog } from "./model-of.js";
import { readSurroundings, type Surroundings } from "./surroundings.js";
import { type Objection, type Trial, tryTables } from "./trial.js";
import { samplesOf } from "./types.js";

export interface IntrospectRequest extends CatalogRequest {
  /** What the model is called; the database's name without it. */
  readonly name?: string;
  /** Rows of all tables together. */
  readonly rows: number;
  /** Patterns of tables that hold rows and get more of them; others keep theirs, and are referred to. */
  readonly append?: readonly string[] | undefined;
  /** Settings that its tables ask the session for, such as `app.tenant`, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How often tables are tried again with what the server said. */
const TRIALS_MAX = 5;

/**
 * Works out from a database's catalog how its tables are filled, and tries it: rows of each table are put to the server,
 * and what it refuses is mended or left out. Nothing stays written.
 * @throws SeedBulkError SB_TABLE_MISSING where there is no table to fill, SB_TABLE_EXISTS where all of them hold rows
 */
export async function introspect(client: pg.Client, request: IntrospectRequest): Promise<IntrospectedModel> {
  const catalog = await readCatalog(client, request);
  if (catalog.length === 0) {
    throw new SeedBulkError("SB_TABLE_MISSING", "the database has no table that could be filled", {
      hint: "Tables of the system, of extensions and of migration tools are left alone; --schemas, --tables and --exclude choose among the others.",
    });
  }
  const { append = [] } = request;
  const addedTo = catalog.filter((table) => table.hasRows && isNamed(table, append));
  if (addedTo.length === 0 && catalog.every(({ hasRows }) => hasRows)) {
    throw new SeedBulkError("SB_TABLE_EXISTS", "all tables that were found hold rows already, and stay as they are", {
      hint: "--schema and --tables choose others; --append adds rows to those that hold some; empty those that are to be filled.",
    });
  }
  const { rows: found } = await client.query<{ name: string }>("SELECT current_database() AS name");
  const fixes = new Map<number, Fix>();
  const common = {
    name: modelName(request.name ?? found[0].name),
    rows: request.rows,
    accepted: await acceptedLiterals(client, catalog),
    read: await conditionReader(client, catalog),
    kept: await readKept(client, catalog),
    added: await rowsBefore(client, addedTo),
    settings: request.settings ?? {},
    fixes,
  };
  const { triggers, notes } = await readSurroundings(client, catalog);
  if (!(await mayTry(client))) {
    const model = modelOfCatalog(catalog, common);
    requireSome(model);
    return { ...model, notes: [NOT_TRIED, ...notes] };
  }
  const triggered = new Map<number, string>();
  let tried: ReadonlySet<number> = new Set();
  for (let trial = 1; ; trial++) {
    const model = modelOfCatalog(catalog, common);
    const untried = catalog.filter(({ oid }) => model.names.has(oid) && !tried.has(oid));
    const news = await tryModel(client, model, untried, {
      fixes,
      isLast: trial >= TRIALS_MAX,
      triggers,
      triggered,
      added: common.added,
    });
    if (news.size === 0) requireSome(model);
    if (news.size === 0) return { ...model, notes: [...notes, ...triggered.values()] };
    for (const [oid, fix] of news) fixes.set(oid, fix);
    tried = new Set([...tried, ...untried.map(({ oid }) => oid)].filter((oid) => !news.has(oid)));
  }
}

const NOT_TRIED =
  "rows were not tried, since this role may make no temporary tables here (GRANT TEMPORARY ON DATABASE): a load may be refused";

/** Whether rows can be tried: in temporary tables, which a standby has none of. */
async function mayTry(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    "SELECT has_database_privilege(current_database(), 'TEMPORARY') AND NOT pg_is_in_recovery() AS may",
  );
  return rows[0].may;
}

/** @throws SeedBulkError SB_REFUSED where no table is left that is filled */
function requireSome({ declaration, refused }: IntrospectedModel): void {
  if (Object.values(declaration.tables).some(({ keep }) => !keep)) return;
  const reasons = refused.map(({ schema, table, reason }) => `${schema}.${table}: ${reason}`);
  throw new SeedBulkError("SB_REFUSED", `no table is left that could be filled; ${reasons.join("; ")}`, {
    hint: "Nothing was written. Write a model file by hand, or choose other tables by --schema, --tables and --append.",
  });
}

async function conditionReader(client: pg.Client, catalog: readonly CatalogTable[]): Promise<Read> {
  const [parse, fold] = [await conditionParser(), await foldedCalls(client, catalog)];
  return (expression) => parse(fold(expression));
}

/** As {@link introspect}, of the database at an address. */
export async function introspectDatabase(url: string, request: IntrospectRequest): Promise<IntrospectedModel> {
  const { settings = {} } = request;
  const client = await connect(withSession(url, { settings, ownPath: true }), "introspection");
  try {
    return await introspect(client, request);
  } finally {
    await close(client);
  }
}

/** Tries tables of a model; what has to be mended in each of those that were refused. */
async function tryModel(
  client: pg.Client,
  model: IntrospectedModel,
  untried: readonly CatalogTable[],
  {
    fixes,
    isLast,
    triggers,
    triggered,
    added,
  }: {
    readonly fixes: ReadonlyMap<number, Fix>;
    readonly isLast: boolean;
    readonly triggers: Surroundings["triggers"];
    /** Tables that rows are added to. */
    readonly added: ReadonlyMap<number, number>;
    /** What triggers would have done, by table; it is added to. */
    readonly triggered: Map<number, string>;
  },
): Promise<Map<number, Fix>> {
  const news = new Map<number, Fix>();
  const tables = untried.flatMap((table) => {
    const { entity, isKept } = model.names.get(table.oid)!;
    return isKept ? [] : [[table, entity] as const];
  });
  if (tables.length === 0) return news;
  const opened = await openOrBlame(model, tables);
  if ("blamed" in opened)
    return new Map([[opened.blamed.oid, { ...fixes.get(opened.blamed.oid), refused: opened.why }]]);
  const { universe } = opened;
  await tryTables(client, universe, { tables, triggers, added }, async (trial) => {
    if (trial.triggered !== undefined) triggered.set(trial.table.oid, trial.triggered);
    if (trial.objections.length === 0) return;
    const { oid } = trial.table;
    const before = fixes.get(oid) ?? {};
    const isAdded = added.has(oid) && before.isKept !== true;
    news.set(oid, {
      ...before,
      ...(isAdded && trial.objections.some(({ kind }) => kind !== "check" && kind !== "type")
        ? { isKept: true }
        : isLast
          ? { refused: reasonOf(trial.objections[0]) }
          : await fixOf(trial, before, model)),
    });
  });
  return news;
}

/** Opens a model; where that is refused, the table that the refusal is about. */
async function openOrBlame(
  { declaration }: IntrospectedModel,
  tables: readonly (readonly [CatalogTable, string])[],
): Promise<{ readonly universe: Universe } | { readonly blamed: CatalogTable; readonly why: string }> {
  try {
    return { universe: await openWithoutPlan({ model: defineModel(declaration) }) };
  } catch (error) {
    if (!(error instanceof SeedBulkError)) throw error;
    const blamed = tables.find(([, name]) => error.message.includes(`${name}.`) || error.message.includes(`${name} `));
    if (blamed === undefined) throw error;
    return { blamed: blamed[0], why: error.message };
  }
}

/** What mends a table that the server has objections to. */
async function fixOf({ table, objections, accepted }: Trial, before: Fix, { names }: IntrospectedModel): Promise<Fix> {
  const [first] = objections;
  const checks = objections.filter(({ kind }) => kind === "check");
  if (checks.length > 0) {
    const { fixed } = names.get(table.oid)!;
    let witnesses = before.witnesses ?? [];
    for (const check of checks) {
      const known = witnesses.filter(({ columns }) => columns.some((column) => check.columns.includes(column)));
      const columns = columnsTogether(table, [...check.columns, ...known.flatMap((one) => one.columns)]);
      // Asked for with a condition before this one.
      if (known.some((one) => !(before.witnesses ?? []).includes(one) && one.columns.length === columns.length))
        continue;
      const isFree = columns.length > 0 && !columns.some((column) => fixed.has(column));
      const rows = isFree ? await accepted(columns) : [];
      if (rows.length === 0) return { refused: reasonOf(check) };
      witnesses = [...witnesses.filter((one) => !known.includes(one)), { columns, rows }];
    }
    return { witnesses };
  }
  // A key that is met by one row at the most, or by nothing that is known.
  if ((first.kind === "key" || first.kind === "exclusion") && before.most !== 1) return { most: 1 };
  return { refused: reasonOf(first) };
}

/** Some columns, and those of all conditions that share some with them. */
function columnsTogether(table: CatalogTable, some: readonly string[]): string[] {
  const columns = new Set(some);
  for (let size = -1; size !== columns.size; ) {
    size = columns.size;
    for (const check of table.checks) {
      if (check.columns.some((column) => columns.has(column))) for (const column of check.columns) columns.add(column);
    }
  }
  return [...columns];
}

function reasonOf({ name, kind, text, row }: Objection): string {
  const what = { check: "the condition", key: "the key", exclusion: "the exclusion constraint", type: "the column" }[
    kind
  ];
  return `${what} ${name} refuses its rows: ${text}${row === undefined ? "" : `; such as ${row}`}`;
}

/** A name that a model may have. */
function modelName(wanted: string): string {
  const name = wanted.replace(/[^\w-]/g, "_").replace(/^(?![A-Za-z])/, "m_");
  return name.slice(0, 63);
}

/** Of the literals that types may take, those that the server does. */
async function acceptedLiterals(client: pg.Client, catalog: readonly CatalogTable[]): Promise<Accepted> {
  const accepted = new Map<string, readonly string[] | null>();
  for (const type of typesToAsk(catalog.flatMap(({ columns }) => columns))) {
    const { literals, isKnown } = samplesOf(type);
    if (!isKnown) accepted.set(type, await takenOf(client, type, literals));
  }
  return accepted;
}

/** Whether a type, and that of an array's elements, has a binary form: rows go in by binary COPY. */
async function isBinary(client: pg.Client, type: string): Promise<boolean> {
  const { rows } = await inReading(client, "", () =>
    client.query<{ all: boolean }>(
      "SELECT bool_and(typsend <> 0 AND typreceive <> 0) AS all FROM pg_type t " +
        "WHERE t.oid = $1::regtype OR t.oid = (SELECT typelem FROM pg_type WHERE oid = $1::regtype)",
      [type],
    ),
  );
  return rows[0].all;
}

async function takenOf(client: pg.Client, type: string, literals: readonly string[]): Promise<string[] | null> {
  const taken: string[] = [];
  if (!(await isBinary(client, type))) return null;
  for (const literal of literals) {
    const isTaken = await inReading(client, "SET LOCAL statement_timeout = '2s'", () =>
      client.query(`SELECT ${quoteLiteral(literal)}::${type}`).then(
        () => true,
        () => false,
      ),
    );
    if (isTaken) taken.push(literal);
  }
  return taken;
}

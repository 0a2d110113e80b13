import fc from "fast-check";

/** A schema that Postgres may or may not take, as its DDL. */
export interface RandomSchema {
  readonly ddl: string;
  readonly tables: number;
}

const TYPES = [
  "int",
  "bigint",
  "smallint",
  "text",
  "varchar(40)",
  "varchar(6)",
  "char(4)",
  "uuid",
  "bool",
  "date",
  "timestamptz",
  "timestamp(3)",
  "numeric(10,2)",
  "numeric",
  "float8",
  "real",
  "jsonb",
  "mood",
  "int[]",
  "inet",
  "interval",
  "bytea",
  "code",
] as const;

const NAMES = [
  "name",
  "email",
  "status",
  "amount",
  "created_at",
  "note",
  "Mixed Case",
  "start",
  "end",
  "kind",
  "größe",
  "quantity",
];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
}

const column = fc.record({
  name: fc.constantFrom(...NAMES),
  type: fc.constantFrom(...TYPES),
  isRequired: fc.boolean(),
});

const table = fc.record({
  key: fc.constantFrom("identity", "int", "uuid", "text", "composite", "owner", "none", "small"),
  columns: fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
  parents: fc.array(fc.record({ to: fc.nat(7), isRequired: fc.boolean(), isUnique: fc.boolean() }), { maxLength: 3 }),
  checks: fc.array(fc.nat(11), { maxLength: 3 }),
  uniques: fc.array(fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
  isPartial: fc.boolean(),
  isPair: fc.boolean(),
  isShared: fc.boolean(),
  partitions: fc.constantFrom("none", "none", "none", "hash", "range", "list"),
});

type Table = typeof table extends fc.Arbitrary<infer T> ? T : never;

/** Schemas of a few tables: keys, foreign keys (composite, around in circles), unique keys and CHECKs of many kinds. */
export const randomSchema: fc.Arbitrary<RandomSchema> = fc
  .array(table, { minLength: 2, maxLength: 7 })
  .map((tables) => ({ ddl: ddlOf(tables), tables: tables.length }));

function ddlOf(tables: readonly Table[]): string {
  const statements = [
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
    "CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]{4}$')",
    "CREATE TABLE groups (id int PRIMARY KEY)",
    ...tables.map((one, at) => tableOf(one, at)),
  ];
  for (const [at, one] of tables.entries()) statements.push(...referencesOf(one, at, tables), ...othersOf(one, at));
  return statements.join(";\n");
}

/** The key's columns with their types; of `composite` and `owner` two of them. */
function keyOf({ key }: Table): readonly (readonly [string, string])[] {
  switch (key) {
    case "identity":
      return [["id", "int GENERATED ALWAYS AS IDENTITY"]];
    case "small":
      return [["id", "smallint"]];
    case "uuid":
      return [["id", "uuid"]];
    case "text":
      return [["id", "varchar(12)"]];
    case "composite":
      return [
        ["id", "int"],
        ["part", "int"],
      ];
    case "owner":
      return [
        ["group_id", "int"],
        ["id", "int"],
      ];
    case "none":
      return [["id", "int"]];
    default:
      return [["id", "int"]];
  }
}

function tableOf(one: Table, at: number): string {
  const key = keyOf(one);
  const columns = [
    ...key.map(([name, type]) => `${name} ${type}${type.includes("IDENTITY") ? "" : " NOT NULL"}`),
    ...one.columns.map(({ name, type, isRequired }) => `"${name}" ${type}${isRequired ? " NOT NULL" : ""}`),
  ];
  if (one.key !== "none") columns.push(`PRIMARY KEY (${key.map(([name]) => name).join(", ")})`);
  if (one.key === "owner") columns.push("FOREIGN KEY (group_id) REFERENCES groups");
  const [by, ...partitions] = partitionsOf(one, at);
  return [`CREATE TABLE t${at} (${columns.join(", ")})${by ?? ""}`, ...partitions].join(";\n");
}

/** How a table is partitioned, and the statements that make its partitions; nothing of one that is not. */
function partitionsOf(one: Table, at: number): string[] {
  const part = (i: number, bounds: string): string =>
    `CREATE TABLE t${at}_${i} PARTITION OF t${at} FOR VALUES ${bounds}`;
  if (one.partitions === "hash") {
    const each = [0, 1].map((i) => part(i, `WITH (MODULUS 2, REMAINDER ${i})`));
    return [` PARTITION BY HASH (${keyOf(one)[0][0]})`, ...each];
  }
  if (one.partitions === "range" && ["int", "composite", "small"].includes(one.key)) {
    return [" PARTITION BY RANGE (id)", part(0, "FROM (1) TO (100)"), part(1, "FROM (100) TO (30000)")];
  }
  if (one.partitions === "list" && one.key === "composite") {
    return [" PARTITION BY LIST (part)", part(0, "IN (1, 2)"), part(1, "IN (7)")];
  }
  return [];
}

function referencesOf(one: Table, at: number, tables: readonly Table[]): string[] {
  const isPartitioned = partitionsOf(one, at).length > 0;
  return one.parents.flatMap(({ to, isRequired, isUnique }, i) => {
    const target = to % tables.length;
    if (tables[target].key === "none") return [];
    const key = keyOf(tables[target]);
    // Two parents of one group: their keys share its column.
    const first = one.parents.findIndex((parent) => tables[parent.to % tables.length].key === "owner");
    const isWithin = one.isShared && target === at;
    const isShared = (name: string): boolean => one.isShared && name === "group_id" && (isWithin || i > first);
    const columns = key.map(([name, type]) => {
      const isOwn = isShared(name) && (isWithin || one.parents[first].to % tables.length === at);
      const shown = isOwn ? name : `p${isShared(name) ? first : i}_${name}`;
      return [shown, type.replace(/ GENERATED.*/, ""), isShared(name)] as const;
    });
    const list = columns.map(([name]) => name).join(", ");
    return [
      ...columns.flatMap(([name, type, isThere]) =>
        isThere ? [] : `ALTER TABLE t${at} ADD COLUMN ${name} ${type}${isRequired ? " NOT NULL" : ""}`,
      ),
      `ALTER TABLE t${at} ADD FOREIGN KEY (${list}) REFERENCES t${target}`,
      ...(isUnique && i === 0 && !isPartitioned ? [`ALTER TABLE t${at} ADD UNIQUE (${list})`] : []),
    ];
  });
}

function othersOf(one: Table, at: number): string[] {
  const { columns } = one;
  const uniques = (partitionsOf(one, at).length > 0 ? [] : one.uniques).map((places, i) => {
    const names = [...new Set(places.map((place) => columns[place % columns.length]))].filter(
      ({ type }) => !["jsonb", "int[]"].includes(type) || true,
    );
    const list = names.map(({ name }) => `"${name}"`).join(", ");
    const flag = columns.find(({ type }) => type === "bool");
    const where = one.isPartial && flag !== undefined ? ` WHERE "${flag.name}"` : "";
    return `CREATE UNIQUE INDEX t${at}_u${i} ON t${at} (${list})${where}`;
  });
  const pair = one.isPair && one.parents.length >= 2 && one.key === "none" ? pairOf(one, at) : [];
  return [...one.checks.flatMap((check) => checkOf(check, columns, at)), ...uniques, ...pair];
}

/** That no two rows refer to the same two. */
function pairOf(one: Table, at: number): string[] {
  return one.parents[0].to === one.parents[1].to ? [] : [`CREATE UNIQUE INDEX t${at}_pair ON t${at} (p0_id, p1_id)`];
}

/** A CHECK of the kinds that real schemas have, over columns that fit it. */
function checkOf(kind: number, columns: readonly Column[], at: number): string[] {
  const of = (...types: string[]): Column[] => columns.filter(({ type }) => types.some((one) => type.startsWith(one)));
  const quoted = ({ name }: Column): string => `"${name}"`;
  const add = (condition: string): string[] => [`ALTER TABLE t${at} ADD CHECK (${condition})`];
  const numbers = of("int", "bigint", "smallint", "numeric", "float8").filter(
    ({ type }) => type !== "int[]" && type !== "interval" && type !== "inet",
  );
  const texts = of("text", "varchar(40)");
  const moments = of("timestamptz", "date");
  const optional = columns.filter(({ isRequired }) => !isRequired).slice(0, 3);
  switch (kind) {
    case 0:
      return numbers.length > 0 ? add(`${quoted(numbers[0])} > 0`) : [];
    case 1:
      return numbers.length > 1 ? add(`${quoted(numbers[0])} <= ${quoted(numbers[1])}`) : [];
    case 2:
      return texts.length > 0 ? add(`char_length(${quoted(texts[0])}) BETWEEN 3 AND 20`) : [];
    case 3:
      return texts.length > 0 ? add(`${quoted(texts[0])} IN ('a', 'bb', 'ccc')`) : [];
    case 4:
      return texts.length > 0 ? add(`${quoted(texts[0])} ~ '^[a-z]{2,8}(-[0-9]+)?$'`) : [];
    case 5:
      return moments.length > 1 ? add(`${quoted(moments[0])} < ${quoted(moments[1])}`) : [];
    case 6:
      return optional.length > 1 ? add(`num_nonnulls(${optional.map(quoted).join(", ")}) = 1`) : [];
    case 7:
      return optional.length > 1 ? add(`(${quoted(optional[0])} IS NULL) = (${quoted(optional[1])} IS NULL)`) : [];
    case 8: {
      const [mood] = of("mood");
      const [other] = optional.filter((one) => one !== mood);
      return mood && other ? add(`${quoted(mood)} <> 'happy' OR ${quoted(other)} IS NOT NULL`) : [];
    }
    case 9: {
      const [flag] = of("bool");
      const [other] = optional.filter((one) => one !== flag);
      return flag && other ? add(`${quoted(flag)} = (${quoted(other)} IS NOT NULL)`) : [];
    }
    case 10:
      return texts.length > 0
        ? add(`${quoted(texts[0])} = lower(${quoted(texts[0])}) AND ${quoted(texts[0])} <> ''`)
        : [];
    default:
      return numbers.length > 0 ? add(`${quoted(numbers[0])} >= 10 AND ${quoted(numbers[0])} < 500`) : [];
  }
}

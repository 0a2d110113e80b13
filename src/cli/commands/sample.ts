import { Command, Option } from "commander";
import type { SqlType } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { type PreviewedRows, previewRows } from "../../engine/inspect/preview.js";
import { SeedBulkError } from "../../errors.js";
import { type Entity, storedColumns } from "../../model/entity.js";
import { nearest } from "../../model/scenario/nearest.js";
import type { Universe } from "../../model/universe.js";
import {
  nameList,
  requireEntity,
  type ScenarioOptions,
  universeOf,
  wholeNumber,
  withScenarioOptions,
} from "../options.js";

interface Options extends ScenarioOptions {
  readonly entity: string;
  readonly columns?: string[];
  readonly rows: number;
  readonly spread?: boolean;
  readonly format: "csv" | "json" | "jsonl";
}

/** `seed-bulk sample`. */
export function sampleCommand(): Command {
  return withScenarioOptions(new Command("sample"))
    .requiredOption("-e, --entity <name>", "the entity")
    .option(
      "--columns <names>",
      "these columns, with commas between them, also ones that are made and not stored",
      nameList,
    )
    .option("-n, --rows <n>", "how many rows", wholeNumber(1), 1000)
    .option("--spread", "from the whole table in even steps, and not the first ones")
    .addOption(new Option("--format <name>", "how they are written").choices(["csv", "json", "jsonl"]).default("csv"))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const universe = await universeOf(options);
  const entity = universe.entity(requireEntity(universe, options.entity));
  const names = options.columns ?? storedColumns(entity).map(([name]) => name);
  for (const name of names) requireColumn(entity, name);
  const types = names.map((name) => entity.columns[name].type);
  const write = WRITERS[options.format];
  process.stdout.write(write(sampleOf(universe, entity.name, names, options), types));
}

/** @throws SeedBulkError SB_USAGE */
function requireColumn({ name: entity, columns }: Entity, name: string): void {
  if (Object.hasOwn(columns, name)) return;
  const [guess] = nearest(name, Object.keys(columns), 1);
  throw new SeedBulkError("SB_USAGE", `${entity} has no column "${name}"${guess ? `, did you mean "${guess}"?` : ""}`, {
    hint: `Its columns are: ${Object.keys(columns).join(", ")}.`,
  });
}

function sampleOf(
  universe: Universe,
  entity: string,
  columns: readonly string[],
  { rows, spread = false }: Options,
): PreviewedRows {
  const all = universe.rowCount(entity);
  const count = Math.min(rows, all);
  const sample: (string | null)[][] = [];
  if (spread) {
    for (let i = 0; i < count; i++) {
      sample.push(...previewRows(universe, entity, Math.floor((i * all) / count), 1, columns).rows);
    }
  } else {
    for (let at = 0; at < count; at += BATCH_ROWS_MAX) {
      sample.push(...previewRows(universe, entity, at, Math.min(BATCH_ROWS_MAX, count - at), columns).rows);
    }
  }
  return { columns: [...columns], rows: sample };
}

type Writer = (rows: PreviewedRows, types: readonly SqlType[]) => string;

const WRITERS: Readonly<Record<Options["format"], Writer>> = {
  csv: ({ columns, rows }) => `${[columns, ...rows].map((row) => row.map(csvField).join(",")).join("\n")}\n`,
  json: (rows, types) => `${JSON.stringify(recordsOf(rows, types), null, 2)}\n`,
  jsonl: (rows, types) =>
    recordsOf(rows, types)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(""),
};

/** By RFC 4180; NULL is an empty field, as COPY … CSV writes it, and an empty text is quoted. */
function csvField(value: string | null): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const WHOLE_TYPES: ReadonlySet<string> = new Set(["int2", "int4", "int8"]);

/** Numbers and booleans as such, all else as text. */
function recordsOf({ columns, rows }: PreviewedRows, types: readonly SqlType[]): Record<string, unknown>[] {
  const typed = (text: string | null, { name }: SqlType): unknown => {
    if (text === null) return null;
    if (name === "bool") return text === "true";
    const isWhole = WHOLE_TYPES.has(name) && Number.isSafeInteger(Number(text));
    return isWhole ? Number(text) : text;
  };
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, typed(row[i], types[i])])));
}

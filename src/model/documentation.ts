import type * as z from "zod";
import { LABELS_TABLE, type ModelAnomaly } from "./anomalies.js";
import { type Entity, type ForeignKey, storedColumns } from "./entity.js";
import { labelsOf } from "./labels.js";
import type { Model } from "./model.js";
import { KNOB_SECTIONS } from "./scenario/types.js";

/** The parts of a model's page that are made from its declarations, by the name of their marker. */
export function documentationOf(model: Model): Readonly<Record<string, string>> {
  const { anomalies = [] } = model;
  const entities = anomalies.length === 0 ? model.entities : [...model.entities, labelsOf(anomalies)];
  return {
    entities: entitiesTable(entities),
    diagram: diagram(model.entities),
    knobs: knobsTable(model),
    anomalies: anomaliesTable(anomalies),
  };
}

/**
 * Puts parts between their markers, `<!-- generated: name -->` and `<!-- /generated -->`.
 * @returns the page; markers without a part stay as they are
 */
export function withGenerated(page: string, parts: Readonly<Record<string, string>>): string {
  return page.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (whole, open: string, name: string, close: string) =>
      parts[name] === undefined ? whole : `${open}\n${parts[name]}\n\n${close}`,
  );
}

function entitiesTable(entities: readonly Entity[]): string {
  return table(
    ["table", "rows", "what it holds"],
    entities.map(({ name, comment, rows, feature }) => [
      name,
      `${rows.kind === "children" ? `children of ${rows.parent}` : rows.kind === "labels" ? "one an anomalous row" : "as the sizes say"}${
        feature === undefined ? "" : `; feature ${feature}`
      }`,
      comment,
    ]),
  );
}

/** Mermaid's entity relationship diagram: keys alone, since a table of all columns would hide the relations. */
function diagram(entities: readonly Entity[]): string {
  const names = new Set(entities.map(({ name }) => name));
  const boxes = entities.map((entity) => {
    const foreign = new Set(foreignKeysWithin(entity, names).flatMap(({ columns }) => columns));
    const keys = storedColumns(entity).flatMap(([column, { type }]) => {
      if (entity.primaryKey.includes(column)) return [`    ${mermaidType(type.name)} ${column} PK`];
      return foreign.has(column) ? [`    ${mermaidType(type.name)} ${column} FK`] : [];
    });
    return `  ${entity.name} {\n${keys.join("\n")}\n  }`;
  });
  const links = entities.flatMap((entity) =>
    foreignKeysWithin(entity, names).map(({ columns, target }) => {
      const isOptional = columns.some((column) => entity.columns[column].nullable);
      return `  ${target} ${isOptional ? "|o" : "||"}--o{ ${entity.name} : ${columns.join("_")}`;
    }),
  );
  return ["```mermaid", "erDiagram", ...boxes, ...links, "```"].join("\n");
}

function foreignKeysWithin({ foreignKeys }: Entity, names: ReadonlySet<string>): readonly ForeignKey[] {
  return foreignKeys.filter(({ target }) => names.has(target));
}

/** Mermaid takes no brackets in a type. */
function mermaidType(name: string): string {
  return name.replace("[]", "_array");
}

function knobsTable({ knobs }: Model): string {
  const rows = KNOB_SECTIONS.filter((section) => section !== "anomalies").flatMap((section) => {
    const schema = knobs[section] as unknown as z.ZodObject;
    const defaults = schema.parse({}) as Record<string, unknown>;
    return Object.entries(schema.shape).map(([name, knob]) => [
      `${section}.${name}`,
      shown(defaults[name]),
      (knob as z.ZodType).description ?? "",
    ]);
  });
  return table(["knob", "default", "what it says"], rows);
}

function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([word, weight]) => `${word} ${weight}`)
    .join(", ");
}

function anomaliesTable(anomalies: readonly ModelAnomaly[]): string {
  if (anomalies.length === 0) return "None.";
  return table(
    ["anomaly", "kind", `\`${LABELS_TABLE}.entity\``, "default rate", "how", "what it is"],
    anomalies.map(({ name, kind, entity, rate, bursts, appended, about }) => [
      name,
      kind,
      entity,
      String(rate),
      `${appended === "copy" ? "rows repeated" : appended === "new" ? "rows added" : "rows struck"}${
        bursts === undefined && appended !== "new" ? "" : ", in bursts if wanted"
      }`,
      about,
    ]),
  );
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}

import type { Kind } from "../../columns/kinds/kind.js";
import { KINDS } from "../../columns/kinds/vocabulary.js";
import { jsonOf } from "../scenario/json-schema.js";
import { modelSchema } from "./declaration.js";
import { LINK_FORMS } from "./links.js";
import { COMMON } from "./read-table.js";
import { TYPES_TEXT } from "./types.js";

type Json = Record<string, unknown>;

/** What editors complete and check model files by: a JSON Schema of the same zod schemas that read them. */
export function modelJsonSchema(): Json {
  const schema = jsonOf(modelSchema());
  const table = at(schema, "properties", "tables", "additionalProperties", "properties");
  const column = { $ref: "#/$defs/column" };
  at(table, "columns")["additionalProperties"] = column;
  at(table, "links")["additionalProperties"] = { $ref: "#/$defs/link" };
  const anomaly = at(table, "anomalies", "additionalProperties", "properties");
  at(anomaly, "set")["additionalProperties"] = { anyOf: [column, { type: "null" }] };
  return {
    ...schema,
    title: "A model of seed-bulk",
    $defs: {
      ...COMMON_DEFS,
      column: {
        anyOf: [
          { type: "string", description: "a kind that needs no parameters, or the path of a column to copy" },
          ...[...KINDS.values()].map(kindJson),
        ],
      },
      link: { anyOf: Object.values(LINK_FORMS).map(jsonOf) },
    },
  };
}

function at(json: Json, ...path: readonly string[]): Json {
  return path.reduce((part, step) => part[step] as Json, json);
}

/** A mapping with the kind's name as a key: `{ choice: …, nulls: 0.1 }`. */
function kindJson({ name, parameters, description, example }: Kind): Json {
  const { properties, required = [] } = jsonOf(parameters) as { properties: Record<string, Json>; required?: string[] };
  const { value, ...others } = properties;
  return {
    type: "object",
    properties: { [name]: { description, examples: [example], ...value }, ...others, ...COMMON_JSON },
    required: [name, ...required.filter((key) => key !== "value")],
    additionalProperties: false,
  };
}

/** What any column may say beside its kind; once for all of them. */
const COMMON_DEFS: Readonly<Record<(typeof COMMON)[number], Json>> = {
  type: { type: "string", description: `the column's type: ${TYPES_TEXT}` },
  nulls: {
    type: ["number", "string"],
    description: "the share of rows without a value, or a knob such as shares.unknown",
  },
  when: { type: "string", description: "the path of a column of true and false: no value where that is false" },
  stored: { type: "boolean", description: "of a column of the table whose name begins with _" },
  unique: { type: "boolean", description: "all values are different, and Postgres gets a unique key" },
  check: { type: "string", description: "an SQL condition that Postgres checks" },
  comment: { type: "string", description: "the column's comment" },
};

const COMMON_JSON = Object.fromEntries(COMMON.map((key) => [key, { $ref: `#/$defs/${key}` }]));

import * as z from "zod";
import { ANOMALY_KINDS } from "../anomalies.js";
import { isSessionSetting } from "../session-setting.js";
import { listSchema } from "./lists.js";

/** A model as data: what a YAML file holds, and what `defineModel` is given. Columns and links are checked by their kinds. */
export type ModelDeclaration = z.input<ReturnType<typeof modelSchema>>;
export type TableDeclaration = z.output<ReturnType<typeof tableSchema>>;

const NAME_BYTES_MAX = 63;

/** A name that Postgres does not cut short, without control characters. */
function identifier(what: string) {
  const error = `expected the name of ${what}, up to ${NAME_BYTES_MAX} bytes`;
  return z.string({ error }).refine((name) => isIdentifier(name), { error });
}

/** Whether a text can be the name of a table or a column. */
export function isIdentifier(name: string): boolean {
  return name !== "" && Buffer.byteLength(name) <= NAME_BYTES_MAX && !/\p{Cc}/u.test(name) && !/[.#$+]/.test(name);
}

const count = () => {
  const error = "expected a number of rows, or a size such as sizes.customers";
  return z.union([z.int({ error }).min(0, { error }), z.string({ error }).regex(/^sizes\.[A-Za-z]\w*$/, { error })], {
    error,
  });
};

const rowsSchema = () => {
  const error = "expected a number of rows, a size such as sizes.orders, { up_to: … }, { per: … } or { owner: … }";
  return z.union(
    [
      count(),
      z.strictObject({ up_to: count(), most: z.int({ error: "expected a whole number" }).min(0).optional() }),
      z.strictObject({
        per: identifier("a table"),
        times: z.int({ error: "expected a whole number" }).min(1, { error: "expected a number from 1 up" }).default(1),
      }),
      z.strictObject({
        owner: identifier("the table that owns the rows"),
        total: count().optional(),
        up_to: count().optional(),
        most: z.int({ error: "expected a whole number" }).min(0).optional(),
        by: z.string({ error: "expected a column of the owner" }).optional(),
      }),
    ],
    { error },
  );
};

const names = (what: string) => {
  const error = `expected ${what}`;
  const name = z.string({ error });
  return z.union([name.transform((one) => [one]), z.array(name, { error }).min(1, { error })], { error });
};

/** What may go wrong in a table's rows: how often, and what is otherwise in the rows that it strikes. */
export const anomalySchema = () =>
  z.strictObject({
    rate: z
      .number({ error: "expected a share from 0 to 1" })
      .min(0, { error: "expected a share from 0 to 1" })
      .max(1, { error: "expected a share from 0 to 1" }),
    about: z.string({ error: "expected text" }).optional(),
    kind: z.enum(ANOMALY_KINDS, { error: `expected one of ${ANOMALY_KINDS.join(", ")}` }).optional(),
    when: z.enum(["spread", "burst"], { error: "expected spread or burst" }).optional(),
    bursts: z.int({ error: "expected a whole number from 1 up" }).min(1).optional(),
    set: z.record(z.string(), z.unknown(), { error: "expected what is set, by column" }),
    since: z.string({ error: "expected the path of a moment" }).optional(),
    until: z.string({ error: "expected the path of a moment" }).optional(),
    detail: z.string({ error: "expected a text with columns in it, such as paid after {days} days" }).optional(),
  });

export type AnomalyDeclaration = z.output<ReturnType<typeof anomalySchema>>;

export const tableSchema = () =>
  z.strictObject({
    comment: z.string({ error: "expected text" }).optional(),
    rows: rowsSchema(),
    after: z.int({ error: "expected a number of rows" }).min(0, { error: "expected a number from 0 up" }).optional(),
    first_id: z.int({ error: "expected a whole number" }).min(0, { error: "expected a number from 0 up" }).optional(),
    links: z.record(z.string(), z.unknown(), { error: "expected links by name" }).optional(),
    columns: z.record(z.string(), z.unknown(), { error: "expected columns by name" }),
    key: z
      .union([z.array(z.never()).length(0), names("a column, or a list of columns")], {
        error: "expected a column, or a list of columns",
      })
      .optional(),
    combinations: z
      .array(
        z.array(z.string({ error: "expected links and columns" }), { error: "expected links and columns" }).min(1),
        {
          error: "expected lists of links and columns",
        },
      )
      .optional(),
    keep: z.boolean({ error: "expected true where the rows are in the database and stay" }).optional(),
    only: z.boolean({ error: "expected true where other tables inherit from it" }).optional(),
    schema: identifier("the Postgres schema in which the table is").optional(),
    name: z
      .string({ error: "expected the table's name in the database" })
      .min(1, { error: "expected the table's name in the database" })
      .optional(),
    unique: z.array(names("a column, or a list of columns"), { error: "expected a list of keys" }).optional(),
    indexes: z.array(names("a column, or a list of columns"), { error: "expected a list of indexes" }).optional(),
    feature: z.string({ error: "expected the name of a feature" }).optional(),
    anomalies: z.record(z.string(), anomalySchema(), { error: "expected anomalies by name" }).optional(),
  });

const numbersByName = (
  what: string,
  options: { readonly least?: number; readonly most?: number; readonly whole?: boolean },
) => {
  const { least, most, whole } = options;
  const span = least === undefined ? "" : most === undefined ? ` from ${least} up` : ` from ${least} to ${most}`;
  const error = `expected ${whole ? "a whole number" : "a number"}${span}`;
  const plain = whole ? z.int({ error }) : z.number({ error });
  const above = least === undefined ? plain : plain.min(least, { error });
  const value = most === undefined ? above : above.max(most, { error });
  return z.record(z.string().regex(/^[A-Za-z]\w*$/, { error: "expected a name of letters, digits and _" }), value, {
    error: `expected ${what} by name`,
  });
};

/** Numbers by name for scenarios to change; and by a name with a dot, what the session of a database is told. */
const settingsSchema = () => {
  const number = "expected a number";
  return z
    .record(
      z.string().refine((name) => /^[A-Za-z]\w*$/.test(name) || isSessionSetting(name), {
        error: "expected a name of letters, digits and _, or that of a setting such as app.tenant",
      }),
      z.union([z.number(), z.string(), z.boolean()], { error: number }),
      { error: "expected settings by name" },
    )
    .superRefine((settings, context) => {
      for (const [name, value] of Object.entries(settings)) {
        if (!name.includes(".") && typeof value !== "number")
          context.addIssue({ code: "custom", path: [name], message: number });
      }
    });
};

/** The whole of a model file. */
export const modelSchema = () =>
  z.strictObject({
    model: z
      .string({ error: "expected the model's name" })
      .regex(/^[A-Za-z][\w-]{0,62}$/, { error: "expected a name of letters, digits, _ and -" }),
    description: z.string({ error: "expected text" }).optional(),
    schema: identifier("a Postgres schema").optional(),
    existing: z.boolean({ error: "expected true where the tables are there already" }).optional(),
    seed: z.unknown().optional(),
    window: z.unknown().optional(),
    sizes: numbersByName("numbers of rows", { least: 0, whole: true }).optional(),
    features: z
      .record(z.string(), z.boolean({ error: "expected true or false" }), { error: "expected switches by name" })
      .optional(),
    shares: numbersByName("shares", { least: 0, most: 1 }).optional(),
    weights: z
      .record(z.string(), numbersByName("weights", { least: 0 }), { error: "expected weights by name" })
      .optional(),
    settings: settingsSchema().optional(),
    lists: z
      .record(z.string().regex(/^[A-Za-z]\w*$/, { error: "expected a name of letters, digits and _" }), listSchema(), {
        error: "expected lists by name",
      })
      .optional(),
    tables: z.record(z.string(), tableSchema(), { error: "expected tables by name" }),
    scenarios: z
      .record(z.string(), z.record(z.string(), z.unknown()), { error: "expected scenarios by name" })
      .optional(),
  });

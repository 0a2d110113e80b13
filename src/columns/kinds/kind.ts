import * as z from "zod";
import type { SqlType } from "../../core/sql-type.js";
import type { Column, ColumnScenario } from "../column.js";
import type { ListColumn } from "../picks.js";

/** What a kind may know of the place where it is used. */
export interface KindContext {
  readonly table: string;
  readonly column: string;
  /** The type that the declaration names; undefined where it leaves it to the kind. */
  readonly type: SqlType | "enum" | undefined;
  readonly isHidden: boolean;
  /** Whether its values are to be all different. */
  readonly isUnique: boolean;
  /** The type at the end of a path. @throws {@link DeclarationError} where the path leads nowhere */
  typeOf(path: string): SqlType;
  /** The type of a column of another table. @throws {@link DeclarationError} where there is none */
  typeIn(table: string, column: string): SqlType;
  /** All texts that the column of a list at the end of a path holds; undefined for other columns. @throws {@link DeclarationError} */
  textsOf(path: string): readonly string[] | undefined;
  /** Whether the value at the end of a path may be NULL. @throws {@link DeclarationError} */
  isNullable(path: string): boolean;
  /** The labels of one of the model's weights, in their order. @throws {@link DeclarationError} */
  labelsOf(weights: string): readonly string[];
  /** One of the model's lists. @throws {@link DeclarationError} */
  listOf(name: string): {
    readonly size: number;
    readonly weights?: readonly number[];
    readonly columns: ReadonlyMap<string, ListColumn>;
  };
  /** Fails where the model has no such knob. @throws {@link DeclarationError} */
  requireKnob(knob: string): void;
  /** The list of words that a column at a path draws from. @throws {@link DeclarationError} */
  wordsOf(path: string): string;
  /** Sees to it that the model makes a list of words. */
  useWords(name: string): void;
}

/** What is wrong with a declaration where the kind finds it; whoever reads the file knows the line. */
export class DeclarationError extends Error {
  /** Steps below the column's own declaration. */
  readonly path: readonly PropertyKey[];

  constructor(message: string, path: readonly PropertyKey[] = []) {
    super(message);
    this.name = "DeclarationError";
    this.path = path;
  }
}

/** A word of the vocabulary: its parameters, what it means, an example, and the column that it builds. */
export interface Kind {
  readonly name: string;
  /** Of `{ value, …others }`: what stands behind the kind's name, and the keys beside it. */
  readonly parameters: z.ZodType<{ readonly value?: unknown }>;
  readonly description: string;
  /** As YAML writes a column of it. */
  readonly example: string;
  /** Whether its values can be all different: made so where they are to be, or as whoever says so knows. */
  readonly canBeUnique?: boolean;
  build(parameters: never, context: KindContext): Column;
}

/** A kind, and what a program may give it: known to the compiler alone. */
export type TypedKind<Name extends string, Value, Others> = Kind & {
  readonly name: Name;
  readonly given?: { readonly value: Value; readonly others: Others };
};

/** Declares a kind; the parameters' type is that of its schema. */
export function kind<
  const Name extends string,
  Value extends z.ZodType,
  Others extends z.ZodRawShape = Record<never, never>,
>(spec: {
  readonly name: Name;
  readonly value: Value;
  readonly others?: Others;
  readonly description: string;
  readonly example: string;
  readonly canBeUnique?: boolean;
  build(parameters: { value: z.output<Value> } & z.output<z.ZodObject<Others>>, context: KindContext): Column;
}): TypedKind<Name, z.input<Value>, [keyof Others] extends [never] ? unknown : z.input<z.ZodObject<Others>>> {
  const { value, others, ...rest } = spec;
  const parameters = z.strictObject({ value, ...others });
  return { ...rest, parameters: parameters as unknown as Kind["parameters"], build: rest.build as Kind["build"] };
}

/** A path of columns: `placed_at`, `customer.created_at`. */
export const path = () => {
  const error = "expected the path of a column, such as placed_at or customer.created_at";
  return z.string({ error }).regex(/^[\p{L}_$][^.\p{Cc}{}"']*(\.[^.\p{Cc}]+)*$/u, { error });
};

const KNOB = /^(sizes|shares|settings)\.[A-Za-z]\w*$/;

/** A number, or a knob of the model that holds it: `shares.members`. */
export const knobNumber = () => {
  const error = "expected a number, or a knob such as shares.members or settings.days";
  return z.union([z.number({ error }), z.string({ error }).regex(KNOB, { error })], { error });
};

/** A number above 0, or a knob that holds one. */
export const aboveZero = (error: string) =>
  z.union([z.number({ error }).positive({ error }), z.string({ error }).regex(KNOB, { error })], { error });

/** Reads a {@link knobNumber} under a scenario. */
export function numberUnder(value: number | string, context: KindContext): (scenario: ColumnScenario) => number {
  if (typeof value === "number") return () => value;
  context.requireKnob(value);
  const [section, name] = value.split(".") as ["sizes" | "shares" | "settings", string];
  return (scenario) => scenario[section][name];
}

/** Two numbers, the first not above the second. */
export const range = (error: string) =>
  z
    .tuple([z.number({ error }), z.number({ error })], { error })
    .refine(([low, high]) => low <= high, { error: `${error}, the smaller first` });

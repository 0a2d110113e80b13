import { COMPUTED_KINDS } from "./computed.js";
import { DRAW_KINDS } from "./draws.js";
import { KEY_KINDS } from "./keys.js";
import type { Kind } from "./kind.js";
import { LABEL_KINDS } from "./labels.js";
import { MOMENT_KINDS } from "./moments.js";
import { TEXT_KINDS } from "./texts.js";

const ALL = [...KEY_KINDS, ...LABEL_KINDS, ...DRAW_KINDS, ...MOMENT_KINDS, ...TEXT_KINDS, ...COMPUTED_KINDS] as const;

type AnyKind = (typeof ALL)[number];

export type KindName = AnyKind["name"];

/** The vocabulary of columns, by name, in the order in which it is shown. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(ALL.map((kind) => [kind.name, kind]));

/** A column as a program declares it: what YAML writes as `{ choice: { a: 1 }, type: enum }`. */
export type KindDeclaration = Readonly<Record<string, unknown>>;

/** What any column may say beside its kind. */
export interface CommonParameters {
  /** The column's type, as SQL writes it; `enum` for one that is made of its labels. */
  readonly type?: string;
  /** The share of rows without a value, or the knob that holds it: `shares.unknown`. */
  readonly nulls?: number | string;
  readonly unique?: boolean;
  /** An SQL condition that Postgres checks. */
  readonly check?: string;
  readonly comment?: string;
}

type Given<Name extends KindName> = NonNullable<Extract<AnyKind, { readonly name: Name }>["given"]>;

/** A kind as a function: of what stands behind its name in YAML, and of what stands beside it. */
type KindFunction<Name extends KindName> = (
  ...given: undefined extends Given<Name>["value"]
    ? [value?: Given<Name>["value"], others?: Partial<Given<Name>["others"]> & CommonParameters]
    : [value: Given<Name>["value"], others?: Partial<Given<Name>["others"]> & CommonParameters]
) => KindDeclaration;

/** The vocabulary for programs: `kinds.choice({ a: 1 }, { type: "enum" })` is the declaration that YAML would hold. */
export const kinds = Object.fromEntries(
  ALL.map(({ name }) => [name, (value: unknown = null, others: object = {}) => ({ [name]: value, ...others })]),
) as unknown as { readonly [Name in KindName]: KindFunction<Name> };

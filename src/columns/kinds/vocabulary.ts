import { COMPUTED_KINDS } from "./computed.js";
import { DRAW_KINDS } from "./draws.js";
import { KEY_KINDS } from "./keys.js";
import type { Kind } from "./kind.js";
import { MOMENT_KINDS } from "./moments.js";
import { TEXT_KINDS } from "./texts.js";

const ALL = [...KEY_KINDS, ...DRAW_KINDS, ...MOMENT_KINDS, ...TEXT_KINDS, ...COMPUTED_KINDS] as const;

export type KindName = (typeof ALL)[number]["name"];

/** The vocabulary of columns, by name, in the order in which it is shown. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(ALL.map((kind) => [kind.name, kind]));

/** A column as a program declares it: what YAML writes as `{ choice: { a: 1 }, type: enum }`. */
export type KindDeclaration = Readonly<Record<string, unknown>>;

/** The vocabulary for programs: `kinds.choice({ a: 1 }, { type: "enum" })` is the declaration that YAML would hold. */
export const kinds = Object.fromEntries(
  ALL.map(({ name }) => [name, (value: unknown = null, others: object = {}) => ({ [name]: value, ...others })]),
) as Readonly<Record<KindName, (value?: unknown, others?: object) => KindDeclaration>>;

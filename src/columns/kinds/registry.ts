import { DRAW_KINDS } from "./draws.js";
import { KEY_KINDS } from "./keys.js";
import type { Kind } from "./kind.js";
import { MOMENT_KINDS } from "./moments.js";
import { TEXT_KINDS } from "./texts.js";

/** The vocabulary of columns, by name, in the order in which it is shown. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(
  [...KEY_KINDS, ...DRAW_KINDS, ...MOMENT_KINDS, ...TEXT_KINDS].map((kind) => [kind.name, kind]),
);

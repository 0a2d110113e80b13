import * as z from "zod";
import type { Column } from "../../columns/column.js";
import { DeclarationError, path } from "../../columns/kinds/kind.js";
import {
  anyLink,
  apartLink,
  distinctLink,
  earlierLink,
  nthLink,
  ownerLink,
  type RowPick,
  treeLink,
  withinLink,
} from "../../columns/links.js";
import { sometimes } from "../../columns/values.js";

const table = () => z.string({ error: "expected the name of a table" });
const share = () => {
  const error = "expected a share from 0 to 1";
  return z.number({ error }).min(0, { error }).max(1, { error }).optional();
};
const yes = () => z.literal(true, { error: "expected true" }).optional();
const above = (error: string) => z.number({ error }).positive({ error });

/** What a link may be; which of them it is, its first word says. */
export const LINK_FORMS = {
  owner: z.strictObject({ owner: table() }),
  any: z.strictObject({
    any: table(),
    zipf: above("expected an exponent above 0").optional(),
    by: z.string({ error: "expected a column of weights" }).optional(),
    within: path().optional(),
    not: path().optional(),
    below: path().optional(),
    skip: z.int({ error: "expected a number of rows" }).min(1, { error: "expected a number from 1 up" }).optional(),
    required: yes(),
    distinct: yes(),
    nulls: share(),
    when: path().optional(),
  }),
  nth: z.strictObject({ nth: table(), nulls: share(), when: path().optional() }),
  earlier: z.strictObject({
    earlier: table(),
    levels: z.array(above("expected shares above 0, roots first")).min(1).optional(),
    roots_own: yes(),
    any: yes(),
    nulls: share(),
    when: path().optional(),
  }),
} as const;

export const LINK_WORDS = Object.keys(LINK_FORMS) as readonly (keyof typeof LINK_FORMS)[];

/** A link that a model file declares: its form is checked by {@link linkSchema}, what it means by {@link buildLink}. */
export type LinkDeclaration = z.output<(typeof LINK_FORMS)[keyof typeof LINK_FORMS]>;

/** The schema of a link's declaration, by the word that it begins with; undefined where it has none. */
export function linkSchema(declaration: object): (typeof LINK_FORMS)[keyof typeof LINK_FORMS] | undefined {
  // `earlier` may say `any: true` beside it.
  const word = (["owner", "nth", "earlier", "any"] as const).find((one) => Object.hasOwn(declaration, one));
  return word && LINK_FORMS[word];
}

/** The table that a link leads to. */
export function linkTarget(link: LinkDeclaration): string {
  if ("earlier" in link) return link.earlier;
  if ("owner" in link) return link.owner;
  return "nth" in link ? link.nth : link.any;
}

/** A link that leads nowhere in a share of the rows. */
export function nullsOf(column: Column, nulls: number | undefined): Column {
  return nulls === undefined ? column : sometimes(1 - nulls, column);
}

/**
 * The hidden column of a link.
 * @param own the table that it is a link of
 * @param owner the table that owns its rows, if any
 * @throws DeclarationError
 */
export function buildLink(link: LinkDeclaration, own: string, owner: string | undefined): Column {
  if ("owner" in link) {
    if (link.owner === owner) return ownerLink(link.owner);
    const who = owner === undefined ? "nobody owns its rows" : `${owner} owns its rows`;
    throw new DeclarationError(`${link.owner} is not the owner of ${own}: ${who}`, ["owner"]);
  }
  const { nulls } = link;
  const thinned = (column: Column): Column => nullsOf(column, nulls);
  if ("earlier" in link) {
    if (link.earlier !== own) throw new DeclarationError(`an earlier row is one of ${own} itself`, ["earlier"]);
    const { levels, roots_own: rootsOwn, any } = link;
    if (levels !== undefined) return thinned(treeLink(own, { levels, ...(rootsOwn && { rootsOwn }) }));
    if (owner !== undefined) return thinned(earlierLink(own, any ? "any" : "previous"));
    throw new DeclarationError(`nobody owns the rows of ${own}: say levels, such as levels: [5, 25, 70]`, ["earlier"]);
  }
  if ("nth" in link) return thinned(nthLink(link.nth));
  const { any: target, zipf, by, within, not, below, skip, required, distinct } = link;
  const said = Object.entries({ zipf, by, within, not, below, skip }).flatMap(([word, given]) =>
    given === undefined ? [] : [word],
  );
  if (said.length > 1) throw new DeclarationError(`expected one of ${said.join(" and ")}`, [said[1]]);
  if (distinct) {
    if (owner === undefined)
      throw new DeclarationError(`nobody owns the rows of ${own}, among which they would differ`, ["distinct"]);
    if (zipf !== undefined || by !== undefined) throw new DeclarationError("distinct rows are drawn evenly", [said[0]]);
    if (nulls !== undefined) throw new DeclarationError("distinct rows are never NULL", ["nulls"]);
    return distinctLink(target, within);
  }
  if (required && within === undefined) throw new DeclarationError("required goes with within", ["required"]);
  if (within !== undefined) return thinned(withinLink(target, within, required));
  if (not !== undefined) return thinned(apartLink(target, not, "not"));
  if (below !== undefined) return thinned(apartLink(target, below, "below"));
  const pick: RowPick =
    zipf !== undefined
      ? { kind: "zipf", exponent: zipf }
      : by !== undefined
        ? { kind: "weighted", by }
        : { kind: "uniform", ...(skip !== undefined && { skip }) };
  return thinned(anyLink(target, pick));
}

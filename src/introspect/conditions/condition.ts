/** What a condition asks of values, as far as it is read; what is not read asks nothing, and the server judges it later. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "constant"; readonly holds: boolean }
  | { readonly kind: "null"; readonly column: string; readonly isNull: boolean }
  /** Constants as SQL writes them, without quotes. */
  | { readonly kind: "in"; readonly column: string; readonly values: readonly string[]; readonly isIn: boolean }
  | {
      readonly kind: "range";
      readonly of: "value" | "length";
      readonly column: string;
      readonly op: Op;
      readonly bound: number;
    }
  | { readonly kind: "columns"; readonly left: string; readonly op: Op | "=" | "<>"; readonly right: string }
  | { readonly kind: "regex"; readonly column: string; readonly regex: string }
  | { readonly kind: "case"; readonly column: string; readonly to: "lower" | "upper" }
  | { readonly kind: "unread" };

export type Op = "<" | "<=" | ">" | ">=";

export const TRUE: Condition = { kind: "constant", holds: true };
export const FALSE: Condition = { kind: "constant", holds: false };

/** One way to meet a condition: all of its parts hold. */
export type Branch = readonly Exclude<Condition, { readonly kind: "and" | "or" | "constant" }>[];

/** More ways than these are not looked at. */
const BRANCHES_MAX = 64;

/** The ways to meet a condition: its disjunctive normal form. None where it cannot be met. */
export function branchesOf(condition: Condition): Branch[] {
  switch (condition.kind) {
    case "constant":
      return condition.holds ? [[]] : [];
    case "or":
      return condition.parts.flatMap(branchesOf).slice(0, BRANCHES_MAX);
    case "and": {
      let branches: Branch[] = [[]];
      for (const part of condition.parts) {
        const more = branchesOf(part);
        branches = branches.flatMap((branch) => more.map((other) => [...branch, ...other])).slice(0, BRANCHES_MAX);
      }
      return branches;
    }
    default:
      return [[condition]];
  }
}

/** Two columns of which one is not above the other, or that differ. */
export type Comparison = Extract<Condition, { readonly kind: "columns" }>;

/** The columns that a part of a branch is about. */
export function columnsOf(part: Branch[number]): string[] {
  if (part.kind === "unread") return [];
  return part.kind === "columns" ? [part.left, part.right] : [part.column];
}

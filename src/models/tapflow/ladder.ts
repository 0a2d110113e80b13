import { exp, log } from "../../core/math/index.js";
import { assert } from "../../errors.js";

/** How a number of children is dealt to parents of unequal luck: each within bounds, exact in total. */
export interface Ladder {
  readonly parents: number;
  readonly total: number;
  /** Children of the parents of a lower rank. */
  before(rank: number): number;
  /** Children of the parent with a rank, within the bounds. */
  count(rank: number): number;
}

/**
 * A closed form for "`least` to `most` children a parent, `total` in all". Beyond the least, R children are left for n
 * parents with room for c each. The parent of rank r gets floor(F(r + 1)) - floor(F(r)) of them, F(r) = R (r / n)^(nc / R):
 * F rises to R exactly, and nowhere by more than c a rank, so that neither a bound nor the total can be missed. Few
 * parents have many. Where more than half of the room is taken, the room that is left is dealt in the same way: then the
 * steepest step stays below c by more than doubles err, up to ten million parents.
 * @param options.least children of each parent
 * @param options.most children of each parent, included
 * @param options.total within [parents * least, parents * most]
 */
export function ladder(options: { parents: number; least: number; most: number; total: number }): Ladder {
  const { parents, least, most, total } = options;
  assert(
    total >= parents * least && total <= parents * most,
    `${parents} parents with ${least} to ${most} children each have ${total} in all`,
  );
  const room = most - least;
  const above = total - parents * least;
  const fromTop = above > (parents * room) / 2;
  const dealt = fromTop ? parents * room - above : above;
  const exponent = dealt === 0 ? 1 : (parents * room) / dealt;
  const dealtBefore = (rank: number): number =>
    rank === 0 ? 0 : Math.floor(dealt * exp(exponent * log(rank / parents)));
  const before = (rank: number): number =>
    fromTop ? rank * most - dealtBefore(rank) : rank * least + dealtBefore(rank);
  return { parents, total, before, count: (rank) => before(rank + 1) - before(rank) };
}

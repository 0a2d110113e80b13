/** Lengths of sessions in minutes: short, middling, long. */
export const LENGTHS: readonly (readonly [least: number, most: number])[] = [
  [5, 30],
  [30, 120],
  [120, 240],
];

/** How many sessions of each type of player are short, middling and long. */
export const LENGTH_SHARES: readonly (readonly number[])[] = [
  [60, 32, 8],
  [35, 45, 20],
  [70, 25, 5],
  [20, 45, 35],
];

/** Minutes of a session on average, by the type of player. */
export const MEAN_MINUTES: readonly number[] = LENGTH_SHARES.map((shares) => {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.reduce((sum, share, at) => sum + (share * (LENGTHS[at][0] + LENGTHS[at][1])) / 2, 0) / total;
});

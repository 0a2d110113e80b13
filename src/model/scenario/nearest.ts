/** Longer words are not compared: the distance costs the product of the lengths. */
const LENGTH_MAX = 64;

/**
 * The known words most like a misspelt one, best first; none that differs in more than a third of its letters.
 * @param word what was written
 * @param known the words there are
 * @param countMax most words to return
 */
export function nearest(word: string, known: Iterable<string>, countMax: number): string[] {
  if (word.length > LENGTH_MAX) return [];
  const distanceMax = Math.max(1, Math.floor(word.length / 3));
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= distanceMax)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, countMax)
    .map(({ candidate }) => candidate);
}

/**
 * The number of letters to insert, delete, replace or swap with their neighbour that turns one word into the other
 * (Damerau 1964, in the form that edits no letter twice).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps ? beforePrevious[j - 2] + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, replaced, swapped));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}

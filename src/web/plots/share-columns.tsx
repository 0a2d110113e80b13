import type { Cell } from "../api/types.js";

/** Of the drawing's own units; it is stretched to the width that there is. */
const [HEIGHT, STEP] = [100, 10];

/** Columns for what was observed, with marks where they were configured to end. */
export function ShareColumns({ cells }: { cells: readonly Cell[] }) {
  const largest = Math.max(1, ...cells.flatMap(({ observed, expected }) => [observed, expected])) * 1.04;
  const y = (count: number): number => HEIGHT * (1 - count / largest);
  const middle = Math.floor(cells.length / 2);
  return (
    <div aria-hidden="true">
      <svg
        class="share-columns"
        width="100%"
        height={HEIGHT}
        viewBox={`0 0 ${cells.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <title>Observed and configured; the figures below say the same</title>
        {cells.map(({ label, observed }, at) => (
          <rect
            key={label}
            class="observed"
            x={at * STEP + 1}
            y={y(observed)}
            width={STEP - 2}
            height={HEIGHT - y(observed)}
          />
        ))}
        {cells.map(({ label, expected }, at) => (
          <rect key={label} class="expected" x={at * STEP} y={y(expected) - 1} width={STEP} height={2} />
        ))}
      </svg>
      <div class="share-axis">
        <span>{cells[0].label}</span>
        <span>{cells[middle].label}</span>
        <span>{cells[cells.length - 1].label}</span>
      </div>
    </div>
  );
}

import { percentText, whole } from "../text/quantities.js";
import { ShareColumns } from "./share-columns.js";
import type { Shares } from "./shares.js";

/** More labels than this are columns side by side, and a table on demand. */
const BARS_MAX = 12;

/** Observed beside configured: as bars with their labels where these are few, else as columns. */
export function SharePlot({ shares }: { shares: Shares }) {
  const { title, isOk, found, cells } = shares;
  return (
    <figure class="shares">
      <figcaption>
        {title} <span class={`badge ${isOk ? "good" : "bad"}`}>{isOk ? "holds" : "does not hold"}</span>
      </figcaption>
      {cells.length <= BARS_MAX && <ShareBars shares={shares} hasBars />}
      {cells.length > BARS_MAX && (
        <>
          <ShareColumns cells={cells} />
          <details>
            <summary>{cells.length} figures</summary>
            <ShareBars shares={shares} hasBars={false} />
          </details>
        </>
      )}
      {!isOk && <p class="fault">{found}</p>}
    </figure>
  );
}

/** A row a label: a bar for what was observed, a mark where it was configured to be, and both in figures. */
function ShareBars({ shares: { cells, total }, hasBars }: { shares: Shares; hasBars: boolean }) {
  const largest = Math.max(1, ...cells.flatMap(({ observed, expected }) => [observed, expected]));
  const text = (count: number): string =>
    total === null ? whole(count) : percentText(total === 0 ? 0 : count / total);
  return (
    <table>
      <thead class="hidden">
        <tr>
          <th scope="col">Value</th>
          {hasBars && <th scope="col">Drawn</th>}
          <th scope="col">Observed</th>
          <th scope="col">Configured</th>
        </tr>
      </thead>
      <tbody>
        {cells.map(({ label, observed, expected }) => (
          <tr key={label}>
            <th scope="row" title={label}>
              {label}
            </th>
            {hasBars && (
              <td class="drawn">
                <svg width="100%" height="14" aria-hidden="true">
                  <rect class="observed" y="2" height="10" width={`${(observed / largest) * 98}%`} />
                  <rect class="expected" y="0" height="14" width="2" x={`${(expected / largest) * 98}%`} />
                </svg>
              </td>
            )}
            <td class="number">{text(observed)}</td>
            <td class="number expected">{text(expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

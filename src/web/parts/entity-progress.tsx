import type { JobProgress } from "../api/types.js";
import { short, whole } from "../text/quantities.js";
import { Name } from "./name.js";
import { Scroll } from "./scroll.js";

const STATES = { waiting: "waiting", active: "under way", done: "done" } as const;

/** Each entity, how far it is. */
export function EntityProgress({ progress: { entities } }: { progress: JobProgress }) {
  return (
    <section class="panel" aria-labelledby="entities-heading">
      <h2 id="entities-heading">Tables</h2>
      <Scroll label="Tables">
        <table class="progress">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col" class="number">
                Rows
              </th>
              <th scope="col" class="number roomy">
                Of
              </th>
              <th scope="col" class="wide">
                Progress
              </th>
              <th scope="col" class="number">
                Rows/s
              </th>
              <th scope="col" class="roomy">
                State
              </th>
            </tr>
          </thead>
          <tbody>
            {entities.map(({ entity, rows, rowsTotal, throughput, state }) => (
              <tr key={entity} class={state}>
                <th scope="row">
                  <Name of={entity} />
                </th>
                <td class="number">{whole(rows)}</td>
                <td class="number roomy">{whole(rowsTotal)}</td>
                <td class="wide">
                  <span class="bar" aria-hidden="true">
                    <span style={{ width: `${rowsTotal === 0 ? 100 : (rows / rowsTotal) * 100}%` }} />
                  </span>
                </td>
                <td class="number">{throughput ? short(throughput) : ""}</td>
                <td class="roomy">{STATES[state]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

import type { JobStatus } from "../api/types.js";
import { short, whole } from "../text/quantities.js";
import { Scroll } from "./scroll.js";

/** The processes that share a run, on any machine. */
export function Workers({ workers }: Pick<JobStatus, "workers">) {
  return (
    <section class="panel" aria-labelledby="workers-heading">
      <h2 id="workers-heading">Processes at work</h2>
      <Scroll label="Processes at work">
        <table class="compact">
          <thead>
            <tr>
              <th scope="col">Process</th>
              <th scope="col">Doing</th>
              <th scope="col">Told by</th>
              <th scope="col" class="number">
                Rows/s
              </th>
              <th scope="col" class="number">
                Rows
              </th>
              <th scope="col" class="number">
                Seen
              </th>
            </tr>
          </thead>
          <tbody>
            {workers.map(({ host, pid, doing, toldBy, rows, rowsPerSecond, secondsSinceSeen }) => (
              <tr key={`${host} ${pid}`}>
                <th scope="row">
                  {host} {pid}
                </th>
                <td>{doing}</td>
                <td>{toldBy}</td>
                <td class="number">{rowsPerSecond > 0 ? short(rowsPerSecond) : "–"}</td>
                <td class="number">{whole(rows)}</td>
                <td class="number">{Math.round(secondsSinceSeen)} s ago</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

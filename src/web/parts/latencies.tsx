import type { Latencies as Values } from "../api/types.js";
import { msText, whole } from "../text/quantities.js";

/** How long a write of a chunk and a whole shard take. */
export function Latencies({ latencies: { chunkMs, shardMs } }: { latencies: NonNullable<Values> }) {
  return (
    <section class="panel" aria-labelledby="latencies-heading">
      <h2 id="latencies-heading">Latencies</h2>
      <table class="compact">
        <thead>
          <tr>
            <th scope="col">Of</th>
            {["count", "median", "p99", "max"].map((name) => (
              <th scope="col" class="number" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[
            { name: "a write", values: chunkMs },
            { name: "a part", values: shardMs },
          ].map(({ name, values: { count, p50, p99, max } }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{whole(count)}</td>
              <td class="number">{msText(p50)}</td>
              <td class="number">{msText(p99)}</td>
              <td class="number">{msText(max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import { CHECK_KINDS } from "../../verify/check-kinds.js";
import type { Check } from "../api/types.js";
import { groupBy } from "../text/group-by.js";
import { durationText, whole } from "../text/quantities.js";
import { Scroll } from "./scroll.js";

/** Checks that found something, with the rows that are wrong. */
export function Faults({ checks }: { checks: readonly Check[] }) {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return null;
  return (
    <>
      <h3>Faults</h3>
      <Checks checks={failed} />
      {failed.map((check) => (
        <Offending key={check.name} check={check} />
      ))}
    </>
  );
}

/** All checks by kind. */
export function CheckTable({ checks }: { checks: readonly Check[] }) {
  const kinds = groupBy(checks, ({ kind }) => kind);
  return (
    <>
      <h3>All checks</h3>
      {kinds.map(([kind, group]) => (
        <details key={kind}>
          <summary>
            {CHECK_KINDS[kind] ?? kind}: {group.length}, {group.every(({ ok }) => ok) ? "all hold" : "some do not hold"}
          </summary>
          <Checks checks={group} />
        </details>
      ))}
    </>
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <Scroll label="Checks">
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Holds</th>
            <th scope="col">Found</th>
            <th scope="col">Expected</th>
            <th scope="col" class="number">
              Rows
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ name, ok, found, expected, rowsChecked, seconds }) => (
            <tr key={name}>
              <th scope="row" class="words">
                {name}
              </th>
              <td>
                <span class={`badge ${ok ? "good" : "bad"}`}>{ok ? "yes" : "no"}</span>
              </td>
              <td class="words">{found}</td>
              <td class="words">{expected}</td>
              <td class="number">{whole(rowsChecked)}</td>
              <td class="number">{durationText(seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Offending({ check: { name, offending } }: { check: Check }) {
  if (offending.length === 0) return null;
  const columns = [...new Set(offending.flatMap((row) => Object.keys(row)))];
  return (
    <details>
      <summary>
        {name}: {offending.length} rows that are wrong
      </summary>
      <Scroll label={`Wrong rows of ${name}`}>
        <table class="data">
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {offending.map((row) => (
              <tr key={JSON.stringify(row)}>
                {columns.map((column) => (
                  <td key={column}>{row[column] ?? <span class="null">NULL</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

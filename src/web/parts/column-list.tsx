import type { Column } from "../api/types.js";
import { Scroll } from "./scroll.js";

/** A table's columns: type, what they refer to, how their values come about. */
export function ColumnList({ columns, onSelect }: { columns: readonly Column[]; onSelect: (entity: string) => void }) {
  return (
    <details>
      <summary>{columns.length} columns</summary>
      <Scroll label="Columns">
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col">Refers to</th>
              <th scope="col">Values</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, type, references, about }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{type}</td>
                <td>
                  {references !== null && (
                    <button type="button" class="link" onClick={() => onSelect(references)}>
                      {references}
                    </button>
                  )}
                </td>
                <td class="words">{about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

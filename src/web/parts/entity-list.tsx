import type { Plan } from "../api/types.js";
import { byteText, whole } from "../text/quantities.js";
import { Scroll } from "./scroll.js";

interface EntityListProps {
  readonly plan: Plan;
  readonly selected: string;
  readonly onSelect: (entity: string) => void;
}

/** The diagram in words. */
export function EntityList({ plan, selected, onSelect }: EntityListProps) {
  return (
    <Scroll label="List of the tables">
      <table>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col" class="number">
              Rows
            </th>
            <th scope="col" class="number">
              Bytes
            </th>
            <th scope="col" class="number">
              A row
            </th>
            <th scope="col">Refers to</th>
          </tr>
        </thead>
        <tbody>
          {plan.entities.map(({ entity, rows, bytes, rowBytes }) => (
            <tr key={entity} class={entity === selected ? "selected" : ""}>
              <th scope="row">
                <button type="button" class="link" aria-pressed={entity === selected} onClick={() => onSelect(entity)}>
                  {entity}
                </button>
              </th>
              <td class="number">{whole(rows)}</td>
              <td class="number">{byteText(bytes)}</td>
              <td class="number">{byteText(rowBytes)}</td>
              <td class="words">{referencesInWords(plan, entity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function referencesInWords({ references }: Plan, entity: string): string {
  const own = references.filter(({ from }) => from === entity);
  if (own.length === 0) return "–";
  return own.map(({ column, to, isParent }) => `${to} (${column}${isParent ? ", its parent" : ""})`).join(", ");
}

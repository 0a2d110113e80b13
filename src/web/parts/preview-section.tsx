import { useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import type { Plan, Preview } from "../api/types.js";
import type { Choice } from "../state/choice.js";
import { useLoaded } from "../state/loaded.js";
import { byteText, whole } from "../text/quantities.js";
import { ColumnList } from "./column-list.js";
import { Field } from "./field.js";
import { ProblemBox } from "./problem-box.js";
import { Scroll } from "./scroll.js";

const ROWS = 10;

interface PreviewSectionProps {
  readonly choice: Choice;
  readonly plan: Plan;
  readonly isStale: boolean;
  readonly entity: string;
  readonly onSelect: (entity: string) => void;
}

/** Real rows of a table from any ID on: those that a load would write. */
export function PreviewSection({ choice, plan, isStale, entity, onSelect }: PreviewSectionProps) {
  const { comment, rows, rowBytes, idStart, idEnd, columns } = plan.entities.find((one) => one.entity === entity)!;
  const idText = useSignal(String(idStart));
  const id = Number(idText.value);
  const isId = /^\d{1,16}$/.test(idText.value) && id >= idStart && id < idEnd;
  const query = { ...choice.query.value, entity, id: isId ? id : idStart, count: ROWS };
  // Rows of values that are about to change are not worth asking for.
  const isAsked = rows > 0 && isId && !isStale;
  const preview = useLoaded(isAsked ? JSON.stringify(query) : null, (signal) => api.preview(query, signal));
  const goTo = (wanted: number): void => {
    idText.value = String(Math.max(idStart, Math.min(wanted, idEnd - 1)));
  };
  return (
    <section class="panel" aria-labelledby="preview-heading">
      <h2 id="preview-heading">Rows of {entity}</h2>
      <p class="note">
        {comment}. {whole(rows)} rows of about {byteText(rowBytes)}
        {rows > 0 && `, IDs ${idStart} to ${idEnd - 1}`}.
      </p>
      <div class="row">
        <Field id="preview-entity" label="Table">
          <select id="preview-entity" value={entity} onChange={(event) => onSelect(event.currentTarget.value)}>
            {plan.entities.map(({ entity: name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </Field>
        <Field
          id="preview-id"
          label="From ID"
          fault={isId || rows === 0 ? undefined : `From ${idStart} to ${idEnd - 1}.`}
        >
          <input
            id="preview-id"
            inputMode="numeric"
            value={idText.value}
            disabled={rows === 0}
            onInput={(event) => (idText.value = event.currentTarget.value)}
            aria-describedby="preview-id-note"
            aria-invalid={!isId}
          />
        </Field>
        <fieldset class="chips">
          <legend class="hidden">Go through the rows</legend>
          <button type="button" disabled={!isId || id <= idStart} onClick={() => goTo(idStart)}>
            First
          </button>
          <button type="button" disabled={!isId || id <= idStart} onClick={() => goTo(id - ROWS)}>
            Back
          </button>
          <button type="button" disabled={!isId || id + ROWS >= idEnd} onClick={() => goTo(id + ROWS)}>
            Next
          </button>
          <button type="button" disabled={!isId || id + ROWS >= idEnd} onClick={() => goTo(idEnd - ROWS)}>
            Last
          </button>
        </fieldset>
      </div>
      {rows === 0 && <p class="note">The plan has no rows of it.</p>}
      {preview.problem && <ProblemBox problem={preview.problem} />}
      {preview.value && rows > 0 && <Rows preview={preview.value} />}
      <ColumnList columns={columns} onSelect={onSelect} />
    </section>
  );
}

function Rows({ preview: { entity, columns, rows } }: { preview: Preview }) {
  return (
    <Scroll label={`Rows of ${entity}`}>
      <table class="data">
        <thead>
          <tr>
            {columns.map(({ name, type }) => (
              <th scope="col" key={name}>
                {name} <span class="type">{type}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join("\u0000")}>
              {row.map((value, at) => (
                <td key={columns[at].name}>
                  {value === null ? <span class="null">NULL</span> : <span title={value}>{value}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

import { signal, useSignal } from "@preact/signals";
import { api } from "../api/client.js";
import { problemOf } from "../api/problem.js";
import type { Introspection, Problem } from "../api/types.js";
import { loadCatalogue } from "../state/catalogue.js";
import { href } from "../state/route.js";
import { Field } from "./field.js";
import { ProblemBox } from "./problem-box.js";

/** What the last introspection found; kept while one goes from page to page. */
const found = signal<Introspection | null>(null);

const ROWS_USUAL = 100_000;

/** Works out how the tables of the server's database are filled. */
export function IntrospectionSection() {
  const rows = useSignal(String(ROWS_USUAL));
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const fault = /^[1-9]\d{0,9}$/.test(rows.value) ? undefined : "From 1 to 2,000,000,000.";

  const introspect = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = null;
    try {
      found.value = await api.introspect(Number(rows.value));
      await loadCatalogue();
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <section aria-labelledby="introspection" class="panel">
      <h2 id="introspection">Tables of your own</h2>
      <p class="note">
        Reads the catalog of the database that this server is connected to, and works out how its tables are filled.
        Nothing is written.
      </p>
      <div class="row asking">
        <Field id="rows-in-all" label="Rows" note="Of all tables together." fault={fault}>
          <input
            id="rows-in-all"
            inputMode="numeric"
            value={rows.value}
            onInput={(event) => {
              rows.value = event.currentTarget.value.replaceAll(",", "");
            }}
          />
        </Field>
        <button type="button" disabled={isBusy.value || fault !== undefined} onClick={() => void introspect()}>
          {isBusy.value ? "Reading…" : "Introspect the database"}
        </button>
      </div>
      {problem.value && <ProblemBox problem={problem.value} />}
      {found.value && <Found introspection={found.value} />}
    </section>
  );
}

function Found({ introspection }: { introspection: Introspection }) {
  const { scenario, tables, kept, refused, notes, modelFile } = introspection;
  const file = `${scenario.split("/")[0]}.model.yaml`;
  return (
    <div role="status">
      <p>
        <a href={href.scenario(scenario)}>
          {tables} {tables === 1 ? "table" : "tables"} to fill
        </a>
        {kept > 0 && `, ${kept} that hold rows and stay as they are`}.{" "}
        <a download={file} href={`data:application/yaml;charset=utf-8,${encodeURIComponent(modelFile)}`}>
          {file}
        </a>
      </p>
      {refused.length > 0 && (
        <Lines
          title={`${refused.length} left out, since nothing is known that fills them`}
          lines={refused.map(({ schema, table, reason }) => `${schema}.${table}: ${reason}`)}
        />
      )}
      {notes.length > 0 && <Lines title={`${notes.length} to know`} lines={notes} />}
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <details>
      <summary>{title}</summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}

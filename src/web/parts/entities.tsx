import { useSignal } from "@preact/signals";
import type { Plan } from "../api/types.js";
import { Diagram } from "../diagram/diagram.js";
import type { Choice } from "../state/choice.js";
import { EntityList } from "./entity-list.js";
import { PreviewSection } from "./preview-section.js";

interface EntitiesProps {
  readonly choice: Choice;
  readonly plan: Plan | null;
  readonly isStale: boolean;
}

/** The plan's tables: as a diagram, as a list, and the rows of the selected one. */
export function Entities({ choice, plan, isStale }: EntitiesProps) {
  const picked = useSignal<string | null>(null);
  if (plan === null || plan.entities.length === 0) return null;
  const isThere = plan.entities.some(({ entity }) => entity === picked.value);
  const largest = plan.entities.reduce((a, b) => (b.rows > a.rows ? b : a)).entity;
  const selected = isThere ? picked.value! : largest;
  const select = (entity: string): void => {
    picked.value = entity;
  };
  return (
    <>
      <section class="panel" aria-labelledby="tables-heading">
        <h2 id="tables-heading">Tables</h2>
        <p class="note">
          What is referred to stands above what refers to it. A solid line: rows are dealt out among those above; a
          dashed one: another reference. Select a table to see all of its references, its columns and its rows.
        </p>
        <Diagram plan={plan} selected={selected} onSelect={select} />
        <details>
          <summary>The same as a list</summary>
          <EntityList plan={plan} selected={selected} onSelect={select} />
        </details>
      </section>
      <PreviewSection
        key={selected}
        choice={choice}
        plan={plan}
        isStale={isStale}
        entity={selected}
        onSelect={select}
      />
    </>
  );
}

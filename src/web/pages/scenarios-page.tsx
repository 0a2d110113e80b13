import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/client.js";
import type { Model, Plan, Scenario } from "../api/types.js";
import { IntrospectionSection } from "../parts/introspection.js";
import { ProblemBox } from "../parts/problem-box.js";
import { catalogue, catalogueProblem, loadCatalogue } from "../state/catalogue.js";
import { href } from "../state/route.js";
import { byteText, estimateText, short } from "../text/quantities.js";

/** What a scenario comes to. */
type Size = Pick<Plan, "rows" | "bytes" | "secondsEstimated">;
type Sizes = Readonly<Record<string, Size>>;

/** All scenarios, by model. */
export function ScenariosPage() {
  const sizes = useSizes();
  const all = catalogue.value;
  return (
    <>
      <h1>Scenarios</h1>
      <p class="lead">
        Each fills a Postgres schema with related, reproducible rows. Pick one to read what it is, change it, look at
        its rows and load it.
      </p>
      {catalogueProblem.value && (
        <ProblemBox problem={catalogueProblem.value}>
          <button type="button" onClick={() => void loadCatalogue()}>
            Try again
          </button>
        </ProblemBox>
      )}
      {all === null && !catalogueProblem.value && <p role="status">Loading scenarios…</p>}
      <IntrospectionSection />
      {all?.models.map((model) => (
        <ModelSection
          key={model.name}
          model={model}
          sizes={sizes}
          scenarios={all.scenarios.filter(({ model: name }) => name === model.name)}
        />
      ))}
    </>
  );
}

function ModelSection({ model, scenarios, sizes }: { model: Model; scenarios: readonly Scenario[]; sizes: Sizes }) {
  if (scenarios.length === 0) return null;
  return (
    <section aria-labelledby={`model-${model.name}`} class="model">
      <h2 id={`model-${model.name}`}>{model.name}</h2>
      <p class="note">
        {model.description}; {model.entities.length} tables.
      </p>
      <ul class="cards">
        {scenarios.map((scenario) => (
          <ScenarioCard
            key={scenario.name}
            scenario={scenario}
            size={listedSize(scenario) ?? sizes[`${scenario.model}/${scenario.name}`]}
          />
        ))}
      </ul>
    </section>
  );
}

function ScenarioCard({ scenario, size }: { scenario: Scenario; size: Size | undefined }) {
  const { name, model, description, window, problem } = scenario;
  return (
    <li class="card">
      <h3>{problem === null ? <a href={href.scenario(`${model}/${name}`)}>{name}</a> : name}</h3>
      <p>{description}</p>
      {problem !== null && <p class="fault">{problem}</p>}
      <p class="facts">
        {window && (
          <span>
            {window.from.slice(0, 10)} to {window.to.slice(0, 10)}
          </span>
        )}
        <span>
          {size
            ? `${short(size.rows)} rows, ${byteText(size.bytes)}, ${estimateText(size.secondsEstimated)}`
            : problem === null && "…"}
        </span>
      </p>
    </li>
  );
}

function listedSize({ rows, bytes, secondsEstimated }: Scenario): Size | undefined {
  return rows === null || bytes === null || secondsEstimated === null ? undefined : { rows, bytes, secondsEstimated };
}

/** What the scenarios come to whose sizes the list does not hold: a user's own, asked one after another. */
function useSizes(): Sizes {
  const sizes = useSignal<Sizes>(known);
  const scenarios = catalogue.value?.scenarios;
  useEffect(() => {
    let isOver = false;
    const ask = async (): Promise<void> => {
      for (const { model, name, problem, rows } of scenarios ?? []) {
        const key = `${model}/${name}`;
        if (isOver || problem !== null || rows !== null || known[key]) continue;
        const plan = await api.plan({ scenario: key }).catch(() => undefined);
        if (plan) sizes.value = known = { ...known, [key]: plan };
      }
    };
    void ask();
    return () => {
      isOver = true;
    };
  }, [scenarios]);
  return sizes.value;
}

/** Kept while one goes from page to page. */
let known: Sizes = {};

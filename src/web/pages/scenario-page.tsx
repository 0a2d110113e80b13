import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Model, Scenario } from "../api/types.js";
import { ChoiceForm } from "../parts/choice-form.js";
import { Entities } from "../parts/entities.js";
import { Estimate } from "../parts/estimate.js";
import { ProblemBox } from "../parts/problem-box.js";
import { StartForm } from "../parts/start-form.js";
import { catalogue, catalogueProblem, findScenario } from "../state/catalogue.js";
import { addressQuery, choiceOf } from "../state/choice.js";
import { followPlan } from "../state/plan.js";
import { addressOfForm, href, keepInAddress } from "../state/route.js";

/** One scenario: what it is, what to change, what it comes to, its tables and rows, and its start. */
export function ScenarioPage({ name }: { name: string }) {
  if (catalogueProblem.value) return <ProblemBox problem={catalogueProblem.value} />;
  if (catalogue.value === null) return <p role="status">Loading the scenario…</p>;
  const found = findScenario(name);
  if (found && found.scenario.problem === null) return <ScenarioView {...found} />;
  return (
    <>
      <h1>{name}</h1>
      <p class="fault">{found?.scenario.problem ?? "There is no such scenario."}</p>
      <p>
        <a href={href.scenarios}>All scenarios</a>
      </p>
    </>
  );
}

function ScenarioView({ scenario, model }: { scenario: Scenario; model: Model }) {
  const choice = useMemo(() => choiceOf(scenario, addressOfForm()), [scenario]);
  const planned = useMemo(() => followPlan(choice), [choice]);
  useEffect(() => planned.end, [planned]);
  // The address says what the form does, so that it can be kept and sent.
  useSignalEffect(() => keepInAddress(addressQuery(choice)));
  return (
    <>
      <p class="crumbs">
        <a href={href.scenarios}>Scenarios</a> / {scenario.model}
      </p>
      <h1>{scenario.name}</h1>
      <p class="lead">{scenario.description}</p>
      <p class="note">
        Model {model.name}: {model.description}
        {scenario.extends && `; extends ${scenario.extends}`}.
      </p>
      <div class="columns">
        <ChoiceForm choice={choice} model={model} />
        <div class="side">
          <Estimate state={planned.state.value} />
          <StartForm choice={choice} state={planned.state.value} />
        </div>
      </div>
      <Entities choice={choice} plan={planned.state.value.plan} isStale={planned.state.value.isStale} />
    </>
  );
}

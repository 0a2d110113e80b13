import type { Model } from "../api/types.js";
import { type Choice, ownRate, resetChoice } from "../state/choice.js";
import { Field } from "./field.js";

const SIZES = ["0.1", "1", "10", "100"];

/** Size, seed, window, switches and anomalies. */
export function ChoiceForm({ choice, model }: { choice: Choice; model: Model }) {
  const isChanged = Object.values(choice.query.value).filter((value) => value !== undefined).length > 1;
  return (
    <form class="panel choice" aria-labelledby="choice-heading" onSubmit={(event) => event.preventDefault()}>
      <div class="panel-head">
        <h2 id="choice-heading">What to make</h2>
        <button type="button" class="quiet" disabled={!isChanged} onClick={() => resetChoice(choice)}>
          Reset
        </button>
      </div>
      <SizeField choice={choice} />
      <div class="fields">
        <SeedField choice={choice} />
        <DayField choice={choice} end="from" label="From" note="The first day, UTC." />
        <DayField choice={choice} end="to" label="To" note="Not included." />
      </div>
      <Features choice={choice} model={model} />
      <Anomalies choice={choice} model={model} />
    </form>
  );
}

function SizeField({ choice: { size, faults } }: { choice: Choice }) {
  const fault = faults.value["size"];
  return (
    <Field id="size" label="Size" note="Multiplies the sizes that grow; 1 is the scenario's own." fault={fault}>
      <div class="row">
        <input
          id="size"
          inputMode="decimal"
          class="short"
          value={size.value}
          onInput={(event) => (size.value = event.currentTarget.value)}
          aria-describedby="size-note"
          aria-invalid={fault !== undefined}
        />
        <fieldset class="chips">
          <legend class="hidden">Sizes to pick</legend>
          {SIZES.map((text) => (
            <button type="button" key={text} aria-pressed={size.value === text} onClick={() => (size.value = text)}>
              ×{text}
            </button>
          ))}
        </fieldset>
      </div>
    </Field>
  );
}

function SeedField({ choice: { seed, faults } }: { choice: Choice }) {
  const fault = faults.value["seed"];
  return (
    <Field id="seed" label="Seed" note="The same seed, the same rows." fault={fault}>
      <input
        id="seed"
        inputMode="numeric"
        value={seed.value}
        onInput={(event) => (seed.value = event.currentTarget.value)}
        aria-describedby="seed-note"
        aria-invalid={fault !== undefined}
      />
    </Field>
  );
}

interface DayFieldProps {
  readonly choice: Choice;
  readonly end: "from" | "to";
  readonly label: string;
  readonly note: string;
}

function DayField({ choice, end, label, note }: DayFieldProps) {
  const fault = choice.faults.value[end];
  return (
    <Field id={end} label={label} note={note} fault={fault}>
      <input
        id={end}
        type="date"
        value={choice[end].value}
        onInput={(event) => (choice[end].value = event.currentTarget.value)}
        aria-describedby={`${end}-note`}
        aria-invalid={fault !== undefined}
      />
    </Field>
  );
}

function Features({ choice: { scenario, features }, model }: { choice: Choice; model: Model }) {
  const knobs = model.knobs.filter(({ section }) => section === "features");
  if (knobs.length === 0) return null;
  const isOn = (name: string): boolean => features.value[name] ?? scenario.features?.[name] ?? false;
  const turn = (name: string, on: boolean): void => {
    const { [name]: _, ...others } = features.value;
    features.value = on === (scenario.features?.[name] ?? false) ? others : { ...others, [name]: on };
  };
  return (
    <fieldset>
      <legend>Switches</legend>
      {knobs.map(({ name, description, needs }) => {
        const missing = needs.filter((needed) => !isOn(needed));
        return (
          <div class="switch" key={name}>
            <input
              id={`feature-${name}`}
              type="checkbox"
              checked={isOn(name)}
              onChange={(event) => turn(name, event.currentTarget.checked)}
              aria-describedby={`feature-${name}-note`}
            />
            <label for={`feature-${name}`}>{name}</label>
            <span id={`feature-${name}-note`} class="note">
              {description}
              {missing.length > 0 && isOn(name) && <span class="fault"> Needs {missing.join(" and ")}.</span>}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}

function Anomalies({ choice, model }: { choice: Choice; model: Model }) {
  if (model.anomalies.length === 0) return null;
  const { scenario, anomalies, faults } = choice;
  const change = (name: string, rate: string): void => {
    const { [name]: _, ...others } = anomalies.value;
    anomalies.value = rate === ownRate(scenario, name) ? others : { ...others, [name]: rate };
  };
  return (
    <fieldset>
      <legend>Anomalies</legend>
      <p class="note">What goes wrong on purpose, and how often; each is written down in a table of labels.</p>
      {model.anomalies.map(({ name, entity, about }) => {
        const id = `anomaly-${name}`;
        const fault = faults.value[`anomaly ${name}`];
        return (
          <div class="switch rate" key={name}>
            <span class="unit">
              <input
                id={id}
                inputMode="decimal"
                value={anomalies.value[name] ?? ownRate(scenario, name)}
                onInput={(event) => change(name, event.currentTarget.value)}
                aria-describedby={`${id}-note`}
                aria-invalid={fault !== undefined}
              />
              %
            </span>
            <label for={id}>{name.replaceAll("_", " ")}</label>
            <span id={`${id}-note`} class={fault ? "fault" : "note"}>
              {fault ?? `${entity}: ${about}`}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}

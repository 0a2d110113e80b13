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
      <SingleSizes choice={choice} model={model} />
      <Tables choice={choice} model={model} />
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

/** Sizes one by one: how many of what, before the multiplier. */
function SingleSizes({ choice, model }: { choice: Choice; model: Model }) {
  const { scenario, sizes, faults } = choice;
  const knobs = model.knobs.filter(({ section }) => section === "sizes");
  if (knobs.length === 0) return null;
  const own = (name: string): string => String(scenario.sizes?.[name] ?? "");
  const change = (name: string, text: string): void => {
    const { [name]: _, ...others } = sizes.value;
    sizes.value = text === own(name) ? others : { ...others, [name]: text };
  };
  const changed = Object.keys(sizes.value).length;
  return (
    <details class="more" open={changed > 0}>
      <summary>Single sizes{changed > 0 && `, ${changed} changed`}</summary>
      <p class="note">Before the multiplier, which takes those marked × times as much.</p>
      <div class="fields sizes">
        {knobs.map(({ name, description, isScaled }) => {
          const id = `size-${name}`;
          const fault = faults.value[`size ${name}`];
          return (
            <Field key={name} id={id} label={isScaled ? `${name} ×` : name} note={description} fault={fault}>
              <input
                id={id}
                inputMode="decimal"
                value={sizes.value[name] ?? own(name)}
                onInput={(event) => change(name, event.currentTarget.value.replaceAll(",", ""))}
                aria-describedby={`${id}-note`}
                aria-invalid={fault !== undefined}
              />
            </Field>
          );
        })}
      </div>
    </details>
  );
}

/** Some tables alone: what they refer to has to be among them, or there already. */
function Tables({ choice: { scenario, only, features }, model }: { choice: Choice; model: Model }) {
  const isOn = (feature: string | null): boolean =>
    feature === null || (features.value[feature] ?? scenario.features?.[feature] ?? true);
  const names = model.entities.filter(({ feature }) => isOn(feature)).map(({ entity }) => entity);
  const isMade = (name: string): boolean => only.value.length === 0 || only.value.includes(name);
  const turn = (name: string, on: boolean): void => {
    const made = names.filter((other) => (other === name ? on : isMade(other)));
    // None would mean all of them again.
    if (made.length > 0) only.value = made.length === names.length ? [] : made;
  };
  return (
    <details class="more" open={only.value.length > 0}>
      <summary>{only.value.length === 0 ? "All tables" : `${only.value.length} of ${names.length} tables`}</summary>
      <p class="note">
        What a table refers to is either made as well or there already from an earlier load of the same plan.
      </p>
      <fieldset class="tables">
        <legend class="hidden">Tables to make</legend>
        {names.map((name) => (
          <div class="switch plain" key={name}>
            <input
              id={`only-${name}`}
              type="checkbox"
              checked={isMade(name)}
              onChange={(event) => turn(name, event.currentTarget.checked)}
            />
            <label for={`only-${name}`}>{name}</label>
          </div>
        ))}
      </fieldset>
      <div class="row actions">
        <button type="button" class="quiet" disabled={only.value.length === 0} onClick={() => (only.value = [])}>
          All of them
        </button>
      </div>
    </details>
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

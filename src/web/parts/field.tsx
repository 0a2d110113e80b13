import type { ComponentChildren } from "preact";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly note?: string | undefined;
  readonly fault?: string | undefined;
  readonly children: ComponentChildren;
}

/** A label, its control, and what to know or what is wrong. The control names `${id}-note` as its description. */
export function Field({ id, label, note, fault, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <p id={`${id}-note`} class={fault ? "fault" : "note"}>
        {fault ?? note}
      </p>
    </div>
  );
}

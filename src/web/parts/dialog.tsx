import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface DialogProps {
  readonly heading: string;
  readonly children: ComponentChildren;
  /** Escape, too, says no. */
  readonly onCancel: () => void;
}

/** A question that stands before all else until it is answered. */
export function Dialog({ heading, children, onCancel }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-heading" onCancel={onCancel}>
      <h2 id="dialog-heading">{heading}</h2>
      {children}
    </dialog>
  );
}

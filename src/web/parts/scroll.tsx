import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ScrollProps {
  /** What lies in it. */
  readonly label: string;
  readonly class?: string;
  /** Pixels from the left that come into view, in the middle if there is room. */
  readonly centre?: number;
  readonly children: ComponentChildren;
}

/** Scrolls sideways what is wider than the page, by keyboard too. */
export function Scroll({ label, class: name = "", centre, children }: ScrollProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = box;
    if (current && centre !== undefined) current.scrollLeft = centre - current.clientWidth / 2;
  }, [centre]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section ref={box} class={`scroll ${name}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

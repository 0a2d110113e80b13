import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { RatePoint } from "../state/job.js";
import { theme } from "../state/theme.js";
import { short } from "../text/quantities.js";

const HEIGHT_PX = 190;

/** Rows a second over time, while a run goes on. */
export function Throughput({ points, isOver }: { points: readonly RatePoint[]; isOver: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isDrawn = points.length > 1;
  const look = theme.value;
  useEffect(() => {
    const element = box.current;
    if (element === null || !isDrawn) return;
    plot.current = new uPlot(optionsFor(element), [[], []], element);
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
    };
  }, [isDrawn, look]);
  useEffect(() => {
    plot.current?.setData([
      points.map(({ at }) => at - points[0].at),
      points.map(({ rowsPerSecond }) => rowsPerSecond),
    ]);
  }, [points, isDrawn, look]);
  const rates = points.map(({ rowsPerSecond }) => rowsPerSecond);
  const now = isOver ? "At most" : `Now ${short(rates.at(-1) ?? 0)}, at most`;
  const summary = isDrawn ? `${now} ${short(Math.max(...rates))} rows/s` : "";
  return (
    <section class="panel" aria-labelledby="throughput-heading">
      <h2 id="throughput-heading">Throughput</h2>
      {isDrawn ? (
        <div role="img" aria-label={`Rows a second over time. ${summary}`} ref={box} class="plot" />
      ) : (
        <p class="note">Drawn while rows are made.</p>
      )}
      {isDrawn && <p class="note">{summary}</p>}
    </section>
  );
}

/** A canvas knows nothing of the style sheet: colours are read from it. */
function optionsFor(element: HTMLElement): uPlot.Options {
  const ink = colourOf(element, "--muted");
  const line = colourOf(element, "--line");
  const accent = colourOf(element, "--accent");
  const font = "12px system-ui, sans-serif";
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map((at) => `${at} s`) },
      { ...axis, size: 60, values: (_plot, ticks) => ticks.map((rate) => short(rate)) },
    ],
    series: [{}, { stroke: accent, width: 2, points: { show: false } }],
  };
}

function colourOf(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement("span"));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

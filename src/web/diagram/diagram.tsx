import { useMemo } from "preact/hooks";
import type { Plan } from "../api/types.js";
import { Scroll } from "../parts/scroll.js";
import { short } from "../text/quantities.js";
import { type Arrow, BOX, type Layout, layOut, type Place, withoutImplied } from "./layout.js";

/** Letters that a box has room for. */
const NAME_MAX = 22;

interface DiagramProps {
  readonly plan: Plan;
  readonly selected: string;
  readonly onSelect: (entity: string) => void;
}

/** Two tables with a reference from one to the other, or several. */
interface Edge extends Arrow {
  /** Whether rows are dealt out among those referred to. */
  readonly isParent: boolean;
}

/** Tables and their references; all of the selected one's, of the others those that do not follow from others. */
export function Diagram({ plan, selected, onSelect }: DiagramProps) {
  const names = plan.entities.map(({ entity }) => entity);
  const key = `${names.join()} ${plan.references.map(({ from, column }) => `${from}.${column}`).join()}`;
  const { layout, edges, plain } = useMemo(() => {
    const all = edgesOf(plan);
    return { layout: layOut(names, all), edges: all, plain: new Set(withoutImplied(all)) };
  }, [key]);
  const isLit = ({ from, to }: Edge): boolean => from === selected || to === selected;
  const near = new Set(edges.filter(isLit).flatMap(({ from, to }) => [from, to]));
  const { width, height } = layout;
  return (
    <Scroll class="diagram" label="Diagram of the tables" centre={layout.places.get(selected)!.x + BOX.width / 2}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: its boxes are buttons with names; a title would hide them */}
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        {edges
          .filter((edge) => plain.has(edge) && !isLit(edge))
          .map((edge) => (
            <Line key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} isLit={false} />
          ))}
        {edges.filter(isLit).map((edge) => (
          <Line key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} isLit />
        ))}
        {plan.entities.map(({ entity, rows }) => (
          <Box
            key={entity}
            place={layout.places.get(entity)!}
            rows={rows}
            look={entity === selected ? "selected" : near.has(entity) ? "near" : ""}
            onSelect={onSelect}
          />
        ))}
      </svg>
    </Scroll>
  );
}

interface BoxProps {
  readonly place: Place;
  readonly rows: number;
  readonly look: "selected" | "near" | "";
  readonly onSelect: (entity: string) => void;
}

function Box({ place: { name, x, y }, rows, look, onSelect }: BoxProps) {
  const select = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onSelect(name);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button element, and its attributes are told by case: tabindex
    <g
      role="button"
      tabindex={0}
      class={`box ${look}`}
      aria-pressed={look === "selected"}
      aria-label={`${name}, ${short(rows)} rows`}
      transform={`translate(${x} ${y})`}
      onClick={() => onSelect(name)}
      onKeyDown={select}
    >
      <rect width={BOX.width} height={BOX.height} rx={3} />
      <text x={8} y={16} class="name">
        {name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name}
      </text>
      <text x={8} y={31} class="rows">
        {short(rows)} rows
      </text>
    </g>
  );
}

/** From the bottom of what is referred to, to the top of what refers to it. */
function Line({ edge: { from, to, isParent }, layout, isLit }: { edge: Edge; layout: Layout; isLit: boolean }) {
  const [child, parent] = [layout.places.get(from)!, layout.places.get(to)!];
  const [x1, y1] = [parent.x + BOX.width / 2, parent.y + BOX.height];
  const [x2, y2] = [child.x + BOX.width / 2, child.y];
  const bend = Math.max(BOX.gapY * 0.6, Math.abs(y2 - y1) * 0.4);
  const path =
    from === to
      ? `M${x1 + 40} ${y1} c0 24 34 24 34 0`
      : `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  return <path d={path} class={`edge ${isParent ? "parent" : ""} ${isLit ? "lit" : ""}`} />;
}

function edgesOf({ references }: Plan): Edge[] {
  const edges = new Map<string, Edge>();
  for (const { from, to, isParent } of references) {
    const key = `${from} ${to}`;
    edges.set(key, { from, to, isParent: isParent || (edges.get(key)?.isParent ?? false) });
  }
  return [...edges.values()];
}

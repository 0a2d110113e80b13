/** A reference as the layout needs it. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Where a table stands in the diagram. */
export interface Place {
  readonly name: string;
  readonly layer: number;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly width: number;
  readonly height: number;
}

/** Pixels. */
export const BOX = { width: 164, height: 38, gapX: 18, gapY: 40, margin: 8 } as const;

/** Sweeps over the layers; orders hardly change after four. */
const SWEEPS = 6;

/**
 * A layered layout: what is referred to stands above what refers to it, and neighbours stand near one another
 * (Sugiyama's method with barycentres, without dummy nodes).
 */
export function layOut(names: readonly string[], arrows: readonly Arrow[]): Layout {
  const others = arrows.filter(({ from, to }) => from !== to);
  const layers = ordered(layersOf(names, others), others);
  const widest = Math.max(1, ...layers.map(({ length }) => length));
  const width = BOX.margin * 2 + widest * BOX.width + (widest - 1) * BOX.gapX;
  const places = new Map<string, Place>();
  layers.forEach((layer, at) => {
    const taken = layer.length * BOX.width + (layer.length - 1) * BOX.gapX;
    layer.forEach((name, index) => {
      const x = (width - taken) / 2 + index * (BOX.width + BOX.gapX);
      places.set(name, { name, layer: at, x, y: BOX.margin + at * (BOX.height + BOX.gapY) });
    });
  });
  const height = BOX.margin * 2 + layers.length * BOX.height + (layers.length - 1) * BOX.gapY;
  return { places, width, height };
}

/** Each name one layer below the lowest that it refers to; a circle of references is cut where it is entered. */
function layersOf(names: readonly string[], arrows: readonly Arrow[]): string[][] {
  const depths = new Map<string, number>();
  const underWay = new Set<string>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    underWay.add(name);
    const parents = arrows.filter(({ from, to }) => from === name && !underWay.has(to));
    const depth = Math.max(0, ...parents.map(({ to }) => depthOf(to) + 1));
    underWay.delete(name);
    depths.set(name, depth);
    return depth;
  };
  const layers: string[][] = [];
  for (const name of names) {
    const depth = depthOf(name);
    while (layers.length <= depth) layers.push([]);
    layers[depth].push(name);
  }
  return layers;
}

function ordered(layers: string[][], arrows: readonly Arrow[]): string[][] {
  let sorted = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const positions = new Map(sorted.flatMap((layer) => layer.map((name, at) => [name, (at + 0.5) / layer.length])));
    const pull = (name: string): number => {
      const near = arrows.flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []));
      const own = positions.get(name)!;
      return near.reduce((sum, other) => sum + (positions.get(other) ?? own), own) / (near.length + 1);
    };
    sorted = sorted.map((layer) => layer.toSorted((a, b) => pull(a) - pull(b)));
  }
  return sorted;
}

/**
 * The arrows without those that follow from others: where events refer to recipients and these to campaigns, events'
 * own reference to campaigns says nothing new of who stands above whom.
 */
export function withoutImplied<One extends Arrow>(arrows: readonly One[]): One[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of arrows) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  const reaches = (start: string, goal: string): boolean => {
    const seen = new Set<string>();
    const open = [...(targets.get(start) ?? [])].filter((name) => name !== goal && name !== start);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (name === goal) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...(targets.get(name) ?? []));
    }
    return false;
  };
  return arrows.filter(({ from, to }) => from === to || !reaches(from, to));
}

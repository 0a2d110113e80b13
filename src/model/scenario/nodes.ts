import type { Origin } from "./origin.js";

/** A YAML value with the place it came from. */
export type ScenarioNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly origin: Origin;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly ScenarioNode[];
  readonly origin: Origin;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly origin: Origin;
}

export interface MapEntry {
  readonly keyOrigin: Origin;
  readonly node: ScenarioNode;
}

/** The node at a path, or undefined where the path leaves the tree. */
export function nodeAt(root: ScenarioNode, path: readonly PropertyKey[]): ScenarioNode | undefined {
  let node: ScenarioNode | undefined = root;
  for (const step of path) {
    if (node?.kind === "map") node = node.entries.get(String(step))?.node;
    else if (node?.kind === "list") node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The origin of the node at a path or, where there is none, of the nearest node above it. */
export function originAt(root: ScenarioNode, path: readonly PropertyKey[]): Origin {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined) return node.origin;
  }
  return root.origin;
}

/** Mappings merge key by key; anything else of the child's replaces the parent's, null included. */
export function mergeMaps(parent: MapNode, child: MapNode): MapNode {
  const entries = new Map(parent.entries);
  for (const [key, entry] of child.entries) {
    const inherited = entries.get(key)?.node;
    const merges = inherited?.kind === "map" && entry.node.kind === "map";
    entries.set(key, merges ? { ...entry, node: mergeMaps(inherited, entry.node) } : entry);
  }
  return { kind: "map", entries, origin: child.origin };
}

/** A copy of a mapping without some of its keys. */
export function withoutKeys(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) };
}

/** Plain data as a tree, all of it from one place. */
export function nodeOf(value: unknown, origin: Origin): ScenarioNode {
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => nodeOf(item, origin)), origin };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, child]) => [key, { keyOrigin: origin, node: nodeOf(child, origin) }] as const,
    );
    return { kind: "map", entries: new Map(entries), origin };
  }
  return { kind: "scalar", value: (value ?? null) as ScalarNode["value"], origin };
}

/** The tree as plain data. Objects have no prototype, so a key can never reach one. */
export function plainOf(node: ScenarioNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainOf);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) plain[key] = plainOf(entry.node);
  return plain;
}

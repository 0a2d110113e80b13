/** One thing that a restore does, as pg_restore's list of contents has them. */
export interface RestoreItem {
  readonly name: string;
  readonly kind: "data" | "index" | "key" | "reference";
  /** The table that it fills, or that it locks. */
  readonly table: string;
  /** Also locked: the table that a foreign key refers to. */
  readonly other: string | null;
  /** The statement; for data, the COPY that takes the file. */
  readonly sql: string;
  /** Of data: its file and its size. */
  readonly file: string | null;
  readonly bytes: number;
}

/** What is left of a restore, and what is under way. */
export interface RestoreState {
  readonly waiting: readonly RestoreItem[];
  readonly running: readonly RestoreItem[];
}

/**
 * The next item that may begin: rows before the keys of their table, a foreign key after the keys of both its tables,
 * and nothing that waits for another's lock, since a connection that waits does no work.
 * @returns undefined where all that is left must wait
 */
export function nextItem({ waiting, running }: RestoreState): RestoreItem | undefined {
  const open = [...waiting, ...running];
  return waiting.find(
    (item) =>
      open.every((other) => other === item || !mustWait(item, other)) &&
      !running.some((other) => locksAgainst(item, other)),
  );
}

/** Data first, the largest table before the others; then indexes, keys and references in their order. */
export function inRestoreOrder(items: readonly RestoreItem[]): RestoreItem[] {
  const rank = { data: 0, key: 1, index: 2, reference: 3 } as const;
  return items.toSorted((a, b) => rank[a.kind] - rank[b.kind] || b.bytes - a.bytes);
}

function mustWait(item: RestoreItem, before: RestoreItem): boolean {
  if (item.kind === "data") return false;
  if (before.kind === "data") return touches(item, before.table);
  return item.kind === "reference" && before.kind === "key" && touches(item, before.table);
}

/** ALTER TABLE locks against everything; two CREATE INDEX on a table get along. */
function locksAgainst(item: RestoreItem, running: RestoreItem): boolean {
  if (item.kind === "index" && running.kind === "index") return false;
  return touches(running, item.table) || (item.other !== null && touches(running, item.other));
}

function touches({ table, other }: RestoreItem, name: string): boolean {
  return table === name || other === name;
}

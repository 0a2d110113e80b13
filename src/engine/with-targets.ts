import { leadsTo } from "../model/entity.js";
import type { Universe } from "../model/universe.js";

/**
 * Some entities and all that their rows refer to, however far: what has to be loaded with them into tables that hold
 * nothing yet, whose foreign keys are the database's own. Tables whose rows are there are left as they are.
 */
export function withTargets(universe: Universe, names: readonly string[]): string[] {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const entity = universe.entity(name);
    if (wanted.has(name) || entity.kept) return;
    wanted.add(name);
    for (const column of Object.values(entity.columns)) {
      const target = leadsTo(column);
      if (target !== undefined) add(target);
    }
  };
  for (const name of names) add(name);
  return universe.entities.flatMap(({ name }) => (wanted.has(name) ? [name] : []));
}

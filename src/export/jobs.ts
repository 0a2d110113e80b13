import { csvHeader } from "../encode/csv.js";
import { storedColumns } from "../model/entity.js";
import type { Plan } from "../model/plan.js";
import type { Universe } from "../model/universe.js";
import { type PlannedFile, piecesOf } from "./layout.js";
import type { ExportFormat, RowRange } from "./protocol.js";
import { COPY_END, copyHead, scriptHead, scriptTail } from "./script.js";

/** One piece of a file: rows that a thread encodes, or a text that stands between them. */
export type Piece = ({ readonly kind: "rows" } & RowRange) | { readonly kind: "text"; readonly text: string };

/** The pieces of a file of text, in their order. They follow from the plan, so a later run counts them alike. */
export function* filePieces(
  { entity, start, end }: PlannedFile,
  { universe, plan, format }: { readonly universe: Universe; readonly plan: Plan; readonly format: ExportFormat },
): Generator<Piece> {
  const rowPieces = function* (range: RowRange): Generator<Piece> {
    const { rowBytes } = plan.entities.find((planned) => planned.entity === range.entity)!;
    for (const piece of piecesOf(range, rowBytes)) yield { kind: "rows", ...piece };
  };
  if (entity !== null) {
    const columns = storedColumns(universe.entity(entity)).map(([name]) => name);
    if (format === "csv") yield { kind: "text", text: csvHeader(columns) };
    yield* rowPieces({ entity, start, end });
    return;
  }
  const entities = plan.entities.map((planned) => universe.entity(planned.entity));
  yield { kind: "text", text: scriptHead(plan, entities) };
  for (const { entity: name, rows } of plan.entities) {
    yield { kind: "text", text: copyHead(plan.scenario.schema, universe.entity(name)) };
    yield* rowPieces({ entity: name, start: 0, end: rows });
    yield { kind: "text", text: COPY_END };
  }
  yield { kind: "text", text: scriptTail(plan, entities) };
}

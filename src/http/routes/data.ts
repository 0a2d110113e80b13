import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { previewRows } from "../../engine/inspect/preview.js";
import { SeedBulkError } from "../../errors.js";
import { columnAnswers } from "../answers/columns.js";
import { planAnswer } from "../answers/plan.js";
import { scenariosAnswer } from "../answers/scenarios.js";
import { choiceOfQuery } from "../choice.js";
import type { Rooms } from "../rooms.js";
import { PlanAnswer, PlanQuery, PreviewAnswer, PreviewQuery, Scenarios } from "../schemas.js";
import { API, answers } from "./schema.js";

/** Rows of a preview that asks for no number. */
const PREVIEW_ROWS = 20;

/** What data there is to make, without making it: scenarios, plans, single rows. No database is asked. */
export function addDataRoutes(app: FastifyInstance, { services, universes }: Rooms): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    `${API}/scenarios`,
    { schema: { summary: "scenarios, models and their knobs", response: answers({ 200: Scenarios }) } },
    () => scenariosAnswer(services),
  );
  api.get(
    `${API}/plan`,
    { schema: { summary: "what a scenario comes to", querystring: PlanQuery, response: answers({ 200: PlanAnswer }) } },
    async ({ query }) => {
      const planned = await universes.open(choiceOfQuery(query));
      return planAnswer(planned, services.estimateOf(planned.plan, query.rate));
    },
  );
  api.get(
    `${API}/preview`,
    {
      schema: {
        summary: "real rows of an entity",
        querystring: PreviewQuery,
        response: answers({ 200: PreviewAnswer }),
      },
    },
    async ({ query }) => {
      const { universe } = await universes.open(choiceOfQuery(query));
      const name = services.requireEntity(universe, query.entity);
      const entity = universe.entity(name);
      const idStart = entity.firstId;
      const idEnd = idStart + universe.rowCount(name);
      const { id = idStart, count = PREVIEW_ROWS } = query;
      if (idEnd > idStart && (id < idStart || id >= idEnd)) {
        throw new SeedBulkError("SB_USAGE", `${name} has IDs from ${idStart} to ${idEnd - 1}, not ${id}`);
      }
      const { rows } = previewRows(universe, name, id - idStart, Math.min(count, idEnd - id));
      return { entity: name, idStart, idEnd, columns: columnAnswers(entity), rows };
    },
  );
}

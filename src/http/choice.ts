import type { z } from "zod";
import type { ExportBody, GenerateBody, PlanQuery } from "./schemas.js";
import type { Choice } from "./universes.js";

type Query = Omit<z.output<typeof PlanQuery>, "only" | "rate"> & { readonly only?: string | undefined };

/** Which data a query is about. */
export function choiceOfQuery(query: Query): Choice {
  const { scenario, startDate, endDate, seed, volumeMultiplier, features, anomalies, only } = query;
  const names = only
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return {
    scenario,
    startDate,
    endDate,
    seed,
    volumeMultiplier,
    features: features && Object.fromEntries(pairs(features).map(([name, word]) => [name, word === "on"])),
    anomalies: anomalies && Object.fromEntries(pairs(anomalies).map(([name, rate]) => [name, Number(rate)])),
    ...(names && names.length > 0 && { only: names }),
  } as Choice;
}

/** Which data a body is about. */
export function choiceOfBody(body: z.output<typeof GenerateBody> | z.output<typeof ExportBody>): Choice {
  const { scenario, config, features, anomalies, only } = body;
  const { startDate, endDate, seed, volumeMultiplier } = config;
  const schema = "schema" in body ? body.schema : undefined;
  return { scenario, startDate, endDate, seed, volumeMultiplier, schema, features, anomalies, only };
}

/** `a=b,c=d`, whose form the schema has checked. */
function pairs(text: string): (readonly [string, string])[] {
  return text.split(",").map((pair) => {
    const [name, value] = pair.split("=");
    return [name, value] as const;
  });
}

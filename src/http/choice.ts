import type { z } from "zod";
import type { ExportBody, GenerateBody, PlanQuery } from "./schemas.js";
import type { Choice } from "./universes.js";

type Query = Omit<z.output<typeof PlanQuery>, "only" | "rate"> & { readonly only?: string | undefined };

/** Which data a query is about. */
export function choiceOfQuery(query: Query): Choice {
  const { scenario, startDate, endDate, seed, volumeMultiplier, sizes, features, anomalies, only } = query;
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
    sizes: sizes && numbers(sizes),
    features: features && Object.fromEntries(pairs(features).map(([name, word]) => [name, word === "on"])),
    anomalies: anomalies && numbers(anomalies),
    ...(names && names.length > 0 && { only: names }),
  } as Choice;
}

/** Which data a body is about. */
export function choiceOfBody(body: z.output<typeof GenerateBody> | z.output<typeof ExportBody>): Choice {
  const { scenario, config, sizes, features, anomalies, only } = body;
  const { startDate, endDate, seed, volumeMultiplier } = config;
  const schema = "schema" in body ? body.schema : undefined;
  return { scenario, startDate, endDate, seed, volumeMultiplier, schema, sizes, features, anomalies, only };
}

/** `a=1,c=2`, by name. */
function numbers(text: string): Record<string, number> {
  return Object.fromEntries(pairs(text).map(([name, value]) => [name, Number(value)]));
}

/** `a=b,c=d`, whose form the schema has checked. */
function pairs(text: string): (readonly [string, string])[] {
  return text.split(",").map((pair) => {
    const [name, value] = pair.split("=");
    return [name, value] as const;
  });
}

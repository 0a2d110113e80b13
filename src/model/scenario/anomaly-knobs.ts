import * as z from "zod";
import type { AnomalySettings } from "../../columns/column.js";
import { BURSTS_DEFAULT, type ModelAnomaly } from "../anomalies.js";
import { instant, share, size } from "./knobs.js";

/** Bursts are looked through for every row. */
const BURSTS_MAX = 1_000;

/** What a scenario may say of a model's anomalies: each by its name, with its default rate where it says nothing. */
export function anomalyKnobs(anomalies: readonly ModelAnomaly[]): z.ZodType<Record<string, AnomalySettings>> {
  const shape = Object.fromEntries(anomalies.map((anomaly) => [anomaly.name, settingsOf(anomaly)]));
  return z.strictObject(shape).prefault({}) as unknown as z.ZodType<Record<string, AnomalySettings>>;
}

function settingsOf(anomaly: ModelAnomaly) {
  const { about, entity, rate, burstCount = BURSTS_DEFAULT } = anomaly;
  const [first, ...others] = waysOf(anomaly);
  const error = `expected ${[first, ...others].join(" or ")}, the ways in which this anomaly comes`;
  return z
    .strictObject({
      rate: share(rate, `share of the rows of ${entity}`),
      when: z.enum([first, ...others], { error }).default(first),
      bursts: size(burstCount, "places that `when: burst` keeps to", { max: BURSTS_MAX }),
      from: instant().optional(),
    })
    .prefault({})
    .describe(about);
}

/** Spread or in bursts; the first is the default. */
function waysOf({ bursts, appended, usually }: ModelAnomaly): ["spread" | "burst", ...("spread" | "burst")[]] {
  if (bursts === "times") return ["burst"];
  if (!bursts && appended !== "new") return ["spread"];
  return usually === "burst" ? ["burst", "spread"] : ["spread", "burst"];
}

import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden } from "../../columns/column.js";
import { either, missingWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { choice, constant, integer, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { BOOL, FLOAT8, INT2, INT4, numeric, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { venueCalendars } from "./calendars.js";
import { BEVERAGES } from "./data/beverages.js";
import { DEVICES, LOCATIONS, TAP_EVENTS } from "./tables.js";

const EVENT_TYPES = ["pour", "sample", "waste", "cleaning"] as const;
const POUR = 0;

/** Millilitres of each type: the least, and how many more at the most. A pour fills a glass, to within 4%. */
const LEAST_ML = [0, 40, 30, 1_500];
const MORE_ML = [0, 60, 400, 2_500];
const GLASS_ERROR = 0.04;

/** What a struck price is multiplied by: a slip of the decimal point or worse. */
const SPIKE_LEAST = 5;
const SPIKE_MOST = 20;

/** Millilitres of the glasses of each beverage, a hundred a beverage: as many of each as are poured in a hundred. */
const GLASSES_ML = Float64Array.from(
  BEVERAGES.flatMap(({ glasses }) =>
    Object.entries(glasses).flatMap(([millilitres, percent]) => Array<number>(percent).fill(Number(millilitres))),
  ),
);

/** What tap devices measured. Rows of a device stand in the order of time. */
export const tapEvents = entity(TAP_EVENTS, {
  comment: "What tap devices measured: pours, samples, waste and cleanings, with volume, duration and temperature",
  feature: "tapEvents",
  rows: childrenOf(DEVICES, { total: ({ sizes }) => sizes["tapEvents"], by: "pour_weight" }),
  columns: {
    id: id(),
    device_id: parent(DEVICES),
    location_id: described("That of the device", linked(LOCATIONS, "device_id.location_id")),
    anomaly: hidden(anomalyOf()),
    is_early: hidden(struck("tap_before_install", "anomaly")),
    is_blind: hidden(struck("missing_temperature", "anomaly")),
    event_type: choice("tap_event_type", EVENT_TYPES, { pour: 93, sample: 3.5, waste: 2.5, cleaning: 1 }),
    is_sold: hidden(isSold()),
    sale_anomaly: hidden(anomalyOf("is_sold")),
    is_spiked: hidden(struck("price_spike", "sale_anomaly")),
    poured_at: either("is_early", beforeInstallation(), pouredAt()),
    volume_ml: checked("volume_ml > 0", volume()),
    duration_ms: checked("duration_ms > 0", duration()),
    temperature_c: missingWhere("is_blind", temperature()),
    sale_price: described("US dollars, by the device's price list; NULL for what is not sold", salePrice()),
    price_factor: hidden(either("is_spiked", integer(SPIKE_LEAST, SPIKE_MOST, INT2), constant(INT2, 1))),
    early_detail: hidden(format("poured before the device {device_id} was installed")),
    blind_detail: hidden(format("no temperature of the device {device_id}")),
    spike_detail: hidden(format("sold at {price_factor} times the price list's price")),
  },
  indexes: [
    ["device_id", "poured_at"],
    ["location_id", "poured_at"],
  ],
});

function isSold(): Column {
  return numbers({ type: BOOL, reads: ["event_type"], about: "1 for a pour" }, (_context, inputs) => {
    const type = wordsOf(inputs, 0).codes;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = type[i] === POUR ? 1 : 0;
    };
  });
}

/** The device's events divide its time in service, by the calendar of the venue's clock. */
function pouredAt(): Column {
  const device = ["pour_count", "installed_at", "last_seen_at", "zone", "location_id"].map(
    (name) => `device_id.${name}`,
  );
  const about = "while the device was in service, when venues are busy, in the order of time";
  return numbers({ type: TIMESTAMPTZ, reads: ["$ordinal", ...device], about }, (context, inputs) => {
    const [ordinal, all, from, to, zone, location] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const calendarOf = venueCalendars(context);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      let last = Number.NaN;
      let calendar = calendarOf(zone[0], location[0]);
      for (let i = 0; i < count; i++) {
        if (location[i] !== last) {
          last = location[i];
          calendar = calendarOf(zone[i], last);
        }
        out[i] = calendar.between((ordinal[i] + unitOf(bits[i])) / all[i], from[i], to[i]);
      }
    };
  });
}

/** Between the device's registration and its installation. */
function beforeInstallation(): Column {
  const reads = ["device_id.created_at", "device_id.installed_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "before the device was installed" }, (context, inputs) => {
    const [registered, installed] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = registered[i] + Math.floor(unitOf(bits[i]) * (installed[i] - registered[i]));
      }
    };
  });
}

/** A glass of the beverage, nearly; or what a sample, a spill or a cleaning takes. */
function volume(): Column {
  const reads = ["event_type", "device_id.category"];
  return numbers({ type: INT4, reads, about: "a glass of the beverage, within 4%" }, (context, inputs) => {
    const type = wordsOf(inputs, 0).codes;
    const category = numbersOf(inputs, 1).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        // The word's high part chooses the glass, its low part how full it is.
        const unit = unitOf(Math.imul(bits[i], 100) >>> 0);
        if (type[i] === POUR) {
          const glass = GLASSES_ML[100 * category[i] + multiplyHigh(bits[i], 100)];
          out[i] = Math.round(glass * (1 + GLASS_ERROR * (2 * unit - 1)));
        } else out[i] = LEAST_ML[type[i]] + Math.floor(unit * MORE_ML[type[i]]);
      }
    };
  });
}

/** The volume at the beverage's flow, within a tenth. */
function duration(): Column {
  const reads = ["volume_ml", "device_id.category"];
  return numbers({ type: INT4, reads, about: "the volume at the beverage's flow" }, (context, inputs) => {
    const [millilitres, category] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const msPerMl = Float64Array.from(BEVERAGES, ({ flow }) => 1_000 / flow);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = Math.ceil(millilitres[i] * msPerMl[category[i]] * (0.9 + 0.2 * unitOf(bits[i])));
      }
    };
  });
}

/** What the beverage is served at, and up to two degrees beside it: small errors are more frequent. */
function temperature(): Column {
  // A double takes a quarter of the time of a numeric, and this is the largest table.
  return numbers(
    { type: FLOAT8, reads: ["device_id.category"], about: "degrees Celsius, in tenths" },
    (context, inputs) => {
      const category = numbersOf(inputs, 0).values;
      const served = Float64Array.from(BEVERAGES, ({ servedTenths }) => servedTenths);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          // Two halves of one word: their sum has the shape of a roof.
          const roof = (bits[i] >>> 16) / 65_536 + (bits[i] & 0xffff) / 65_536 - 1;
          out[i] = (served[category[i]] + Math.round(20 * roof)) / 10;
        }
      };
    },
  );
}

/** By volume from the price of 473 ml, to the cent; no product of whole numbers by 473 ends in half a cent. */
function salePrice(): Column {
  const reads = ["is_sold", "volume_ml", "device_id.pint_price", "price_factor"];
  const about = "the device's price for the volume";
  return numbers({ type: numeric(8, 2), reads, about, nullable: true }, (_context, inputs) => {
    const [sold, millilitres, pint, factor] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        if (sold[i] === 1) out[i] = Math.round((pint[i] * millilitres[i] * factor[i]) / 473);
        else setNull(nulls, i);
      }
    };
  });
}

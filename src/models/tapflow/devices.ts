import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { either, onlyWhere } from "../../columns/conditions.js";
import { id, linked, ordinal, parent } from "../../columns/keys.js";
import { numberFor, shuffledNumber } from "../../columns/lists.js";
import { format, sameCode, word, wordBy } from "../../columns/text.js";
import { changedAfter } from "../../columns/times.js";
import { codes, copied, drawn, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { wordAt } from "../../core/dictionary.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { enumType, INT2, INT4, INT8, numeric, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { BEVERAGES, POURED_BY } from "./data/beverages.js";
import { DEVICE_MODELS } from "./data/hardware.js";
import { INDUSTRIES } from "./data/venues.js";
import { ACCOUNTS, DEVICES, LOCATIONS, TAP_EVENTS } from "./tables.js";

const STATUSES = ["active", "offline", "maintenance", "retired"] as const;
const [OFFLINE, RETIRED] = [1, 3];

/** Shares of the devices that are not retired. */
const OFFLINE_SHARE = 0.03;
const MAINTENANCE_SHARE = 0.02;

const MODEL_NAMES = DEVICE_MODELS.map(({ name }) => name);

/** Serial numbers have eight digits. */
const SERIALS = 100_000_000;

/** Tap devices. */
export const devices = entity(DEVICES, {
  comment: "Tap devices: each measures what one tap of a venue pours",
  alias: "devices",
  rows: childrenOf(LOCATIONS, { by: "device_count" }),
  lastId: ({ settings }) => settings["lastDeviceId"],
  columns: {
    id: id(),
    location_id: parent(LOCATIONS),
    account_id: described(
      "That of the location, so that reports need no join",
      linked(ACCOUNTS, "location_id.account_id"),
    ),
    tap_number: described("Which of the venue's taps, from 1", ordinal(1, INT2)),
    gateway: hidden(isGateway()),
    model: word(
      "device_models",
      TEXT,
      DEVICE_MODELS.map(({ weight }) => weight),
    ),
    prefix: hidden(sameCode("model", "serial_prefixes")),
    serial: hidden(shuffledNumber(SERIALS)),
    serial_number: unique(format("TF{prefix}-{serial:8}")),
    firmware_version: wordBy("model", (model) => DEVICE_MODELS[MODEL_NAMES.indexOf(model)].firmware),
    beverage_category: beverageCategory(),
    product: wordBy(
      "beverage_category",
      (category) => BEVERAGES.find((beverage) => beverage.category === category)?.products ?? [],
    ),
    category: hidden(
      numberFor(
        "beverage_category",
        BEVERAGES.map((_, at) => at),
        INT2,
      ),
    ),
    pint_price: checked("pint_price > 0", described("US dollars for 473 ml", pintPrice())),
    status: described("retired with its account, or when it was replaced", deviceStatus()),
    retired: hidden(isRetired()),
    created_at: described("When it was registered", registeredAt()),
    installed_at: described("From when on it measures", installedAt()),
    retired_at: onlyWhere("retired", retiredAt()),
    last_seen_at: described("Nothing is measured afterwards", lastSeenAt()),
    zone: hidden(copied("location_id.zone", INT2)),
    popularity: hidden(
      drawn({ type: INT4, about: "lognormal", quantile: () => lognormal(1_000, 0.5), low: 100, high: 20_000 }),
    ),
    pour_weight: hidden(pourWeight()),
    pour_count: hidden(pourCount()),
    updated_at: either("retired", copied("retired_at", TIMESTAMPTZ), changedAfter("installed_at")),
  },
  indexes: [["location_id"], ["account_id"], ["status"], ["installed_at"]],
});

/** The first device of an account's first venue: subscriptions refer to it, and it stays as long as the account. */
function isGateway(): Column {
  return numbers(
    { type: INT2, reads: ["tap_number", "location_id.seat"], about: "1 for the account's first device" },
    (_context, inputs) => {
      const [tap, seat] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = tap[i] === 1 && seat[i] === 0 ? 1 : 0;
      };
    },
  );
}

/** What its trade pours: coffee shops no beer, breweries mostly their own. */
function beverageCategory(): Column {
  const spec = { type: TEXT, labels: BEVERAGES.map(({ category }) => category), about: "by the trade of the account" };
  return codes({ ...spec, reads: ["location_id.account_id.industry"] }, (context, inputs) => {
    const trades = wordsOf(inputs, 0).codes;
    const tables = INDUSTRIES.map((trade) =>
      aliasTable(BEVERAGES.map(({ category, weight }) => weight * (POURED_BY[trade][category] ?? 1))),
    );
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = pickAlias(tables[trades[i]], bits[i]);
    };
  });
}

/** A product has one price at a venue, whichever tap it comes from. */
function pintPrice(): Column {
  const about = "a price of the list for the category, one for a product at a venue";
  const reads = ["beverage_category", "product", "location_id"];
  return numbers({ type: numeric(6, 2), reads, about }, (context, inputs) => {
    const [category, products] = [wordsOf(inputs, 0).codes, wordsOf(inputs, 1)];
    const names = Array.from({ length: products.dictionary.count }, (_, code) => wordAt(products.dictionary, code));
    // Lists hold what sells often several times: all of its places stand for the first.
    const productOf = names.map((name) => names.indexOf(name));
    const venue = numbersOf(inputs, 2).values;
    const lists = BEVERAGES.map(({ pintCents }) => pintCents);
    const key = context.key();
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const list = lists[category[i]];
        out[i] = list[multiplyHigh(cellBits(key, venue[i], productOf[products.codes[i]]), list.length)];
      }
    };
  });
}

function deviceStatus(): Column {
  const spec = { type: enumType("device_status", STATUSES), labels: STATUSES, about: "retired with the account" };
  return codes({ ...spec, reads: ["gateway", "location_id.account_id.churned"] }, (context, inputs) => {
    const [gateway, churned] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const retiredShare = context.scenario.shares["retired"];
    const key = context.key();
    const retiring = context.key("retired");
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const unit = unitOf(cellBits(key, rowIndexes[i], 0));
        const isReplaced = gateway[i] === 0 && unitOf(cellBits(retiring, rowIndexes[i], 0)) < retiredShare;
        if (churned[i] === 1 || isReplaced) out[i] = RETIRED;
        else out[i] = unit < OFFLINE_SHARE ? OFFLINE : unit < OFFLINE_SHARE + MAINTENANCE_SHARE ? 2 : 0;
      }
    };
  });
}

function isRetired(): Column {
  return numbers({ type: INT2, reads: ["status"], about: "1 where retired" }, (_context, inputs) => {
    const status = wordsOf(inputs, 0).codes;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = status[i] === RETIRED ? 1 : 0;
    };
  });
}

/** Four in five come with the venue, the others later; the gateway before the subscription begins. */
function registeredAt(): Column {
  const reads = ["gateway", "location_id.created_at", "location_id.account_id.activated_at", "location_id.ends_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "mostly soon after the venue" }, (context, inputs) => {
    const [gateway, opened, activated, ends] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        // The first four fifths of the unit spread over a hundredth of the time left, the last fifth over 0.7 of it.
        const part = unit < 0.8 ? unit / 80 : 0.01 + (unit - 0.8) * 3.45;
        const span = gateway[i] === 1 ? activated[i] - opened[i] : ends[i] - opened[i];
        out[i] = opened[i] + Math.floor(span * (gateway[i] === 1 ? 0.9 * unit : part));
      }
    };
  });
}

/** Within five days of its registration, once the account's subscription has begun. */
function installedAt(): Column {
  const reads = ["created_at", "location_id.account_id.activated_at", "location_id.ends_at"];
  const law = { kind: "between", from: "created_at" } as const;
  return numbers({ type: TIMESTAMPTZ, reads, about: "days after it was registered", law }, (context, inputs) => {
    const [registered, activated, ends] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const ready = Math.max(registered[i], activated[i]);
        const reach = Math.min(5 * 86_400_000_000, 0.02 * (ends[i] - ready));
        out[i] = ready + 1 + Math.floor((0.1 + 0.9 * unitOf(bits[i])) * reach);
      }
    };
  });
}

/** When the account ended, or before that where the device was replaced. */
function retiredAt(): Column {
  const reads = ["installed_at", "location_id.ends_at", "location_id.account_id.churned"];
  const law = { kind: "between", from: "installed_at" } as const;
  return numbers({ type: TIMESTAMPTZ, reads, about: "the account's end, or a replacement", law }, (context, inputs) => {
    const [installed, ends, churned] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const part = 0.3 + 0.6 * unitOf(cellBits(key, rowIndexes[i], 0));
        out[i] = churned[i] === 1 ? ends[i] : installed[i] + Math.floor(part * (ends[i] - installed[i]));
      }
    };
  });
}

/** When it was retired; days ago where it is offline; else just now. */
function lastSeenAt(): Column {
  const reads = ["status", "installed_at", "retired_at", "location_id.ends_at"];
  const law = { kind: "between", from: "installed_at" } as const;
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "up to the window's end, unless retired", law },
    (context, inputs) => {
      const status = wordsOf(inputs, 0).codes;
      const [installed, retired, ends] = [1, 2, 3].map((at) => numbersOf(inputs, at).values);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          const span = ends[i] - installed[i];
          const reach =
            status[i] === OFFLINE ? Math.min(0.3 * span, OFFLINE_REACH_US) : Math.min(0.01 * span, SEEN_REACH_US);
          out[i] = status[i] === RETIRED ? retired[i] : ends[i] - 1 - Math.floor(unitOf(bits[i]) * reach);
        }
      };
    },
  );
}

/** An offline device has been silent for up to 30 days; others report every quarter of an hour. */
const OFFLINE_REACH_US = 30 * 86_400_000_000;
const SEEN_REACH_US = 900_000_000;

/** Hours in service times how popular the tap is. */
function pourWeight(): Column {
  const reads = ["installed_at", "last_seen_at", "popularity"];
  return numbers({ type: INT8, reads, about: "time in service times popularity" }, (_context, inputs) => {
    const [from, to, popularity] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      // Whole numbers, so that sums are exact whatever is added first.
      for (let i = 0; i < count; i++) out[i] = Math.ceil(((to[i] - from[i]) / 3_600_000_000) * popularity[i]);
    };
  });
}

/** How many tap events the device has, by the fan-out. */
function pourCount(): Column {
  return numbers({ type: INT4, about: "rows of tap_events" }, (context) => {
    const { start } = context.fanOut(TAP_EVENTS);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = start(rowIndexes[i] + 1) - start(rowIndexes[i]);
    };
  });
}

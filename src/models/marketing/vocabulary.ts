import { type BindContext, type Column, type ColumnScenario, hidden } from "../../columns/column.js";
import { numberFor, shuffledNumber } from "../../columns/lists.js";
import { format, sameCode, word } from "../../columns/text.js";
import { codes, integer, numbers, numbersOf } from "../../columns/values.js";
import { lognormal } from "../../core/distributions.js";
import { cellBits, fillBits, unitOf } from "../../core/random.js";
import { FLOAT8, INT2, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { historyOf, platformCalendar } from "./calendars.js";
import { PLACE_WEIGHTS, PLACE_ZONES } from "./dictionaries.js";
import { scheduleOf } from "./schedule.js";

/** A moment of the schedule; see `scheduleOf`. */
type Phase = "organizationsEndUs" | "clientsEndUs" | "onboardingEndUs";

/** A moment between another of the row, or the beginning of history, and the end of a phase: ever more of them. */
export function momentBefore(phase: Phase, path?: string): Column {
  const about = `a moment from ${path ?? "the beginning of history"} to ${phase}, ever more of them`;
  return numbers({ type: TIMESTAMPTZ, reads: path === undefined ? [] : [path], about }, (context, inputs) => {
    const schedule = scheduleOf(context);
    const end = schedule[phase];
    const { between } = platformCalendar(historyOf(context));
    const from = path === undefined ? undefined : numbersOf(inputs, 0);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const start = from === undefined ? schedule.historyUs : from.values[i];
        const share = Math.sqrt(unitOf(cellBits(key, rowIndexes[i], 0)));
        out[i] = end > start ? between(share, start, end) : start;
      }
    };
  });
}

/** The columns of a place in the United States: city, state, postal code, area code and time zone agree. */
export function placeColumns(postalCode: Column = word("postal_codes", TEXT, PLACE_WEIGHTS)) {
  return {
    postal_code: postalCode,
    city: sameCode("postal_code", "cities"),
    state: sameCode("postal_code", "states"),
    area_code: hidden(sameCode("postal_code", "area_codes")),
  };
}

/** The time zone that goes with `postal_code`, and its number for columns that choose a calendar by it. */
export function timeZoneColumns() {
  return {
    time_zone: sameCode("postal_code", "time_zones"),
    zone: hidden(numberFor("postal_code", PLACE_ZONES, INT2)),
  };
}

/** A telephone number of the range for fiction in the row's area code: 555-0100 to 555-0199. */
export function phoneColumns() {
  return { phone: format("+1{area_code}55501{line:2}"), line: hidden(integer(0, 99)) };
}

/**
 * Numbers of the range for fiction that differ as far as there are any: a hundred in each area code that could be, which
 * is more than there are in service. Whoever has moved keeps the number, so it need not be a local one.
 */
export function ownPhoneColumns() {
  return {
    subscriber: hidden(shuffledNumber()),
    phone_area: hidden(areaCodeOf("subscriber")),
    phone: format("+1{phone_area}55501{phone_line:2}"),
    phone_line: hidden(lineOf("subscriber")),
  };
}

/** Who of a client's team did something: one of its first users, who were there from the start. */
export function teamMember(clientPath: string): Column {
  return {
    ...numbers(
      { type: INT8, reads: [clientPath], about: `one of the first users of ${clientPath}` },
      (context, inputs) => {
        const users = context.entity("users");
        const fanOut = context.fanOut("users");
        const { firstId: firstClientId } = context.entity("clients");
        const clients = numbersOf(inputs, 0).values;
        const key = context.key();
        return ({ rowIndexes, count }, out) => {
          for (let i = 0; i < count; i++) {
            const client = clients[i] - firstClientId;
            const start = fanOut.start(client);
            const size = Math.min(FOUNDING_USERS, fanOut.start(client + 1) - start);
            out[i] = users.firstId + start + (cellBits(key, rowIndexes[i], 0) % size);
          }
        };
      },
    ),
    references: { entity: "users", foreignKey: true },
  };
}

/** Every area code that the numbering plan has room for: 2-9, 0-8, 0-9, save the service codes that end in 11. */
const AREA_CODES: readonly string[] = Array.from({ length: 800 }, (_, at) => String(200 + at)).filter(
  (code) => code[1] !== "9" && !code.endsWith("11"),
);

function areaCodeOf(path: string): Column {
  const spec = { type: TEXT, labels: AREA_CODES, reads: [path], about: "a hundred numbers an area code" };
  return codes(spec, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i] % AREA_CODES.length;
    };
  });
}

function lineOf(path: string): Column {
  return numbers({ type: INT2, reads: [path], about: "0 to 99" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = Math.floor(values[i] / AREA_CODES.length) % 100;
    };
  });
}

/**
 * How a total of children is shared: some parents have several times as many as others, and none has none where they are
 * two each or more.
 * @param average children a parent
 */
export function childWeight(average: (scenario: ColumnScenario) => number): Column {
  return numbers({ type: FLOAT8, about: "1, and a lognormal share of what is left" }, (context) => {
    const spread = lognormal(1, 0.55);
    const beyond = Math.max(0, average(context.scenario) - 1);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) out[i] = 1 + beyond * Math.min(4, Math.max(0.3, spread(bits[i])));
    };
  });
}

/** Users of a client whose account is as old as the client's; the others join over the window. */
export const FOUNDING_USERS = 3;

/** A size of the scenario, for columns. */
export function sizeOf(context: BindContext, name: string): number {
  return context.scenario.sizes[name];
}

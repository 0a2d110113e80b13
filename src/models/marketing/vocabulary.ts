import { type BindContext, type Column, hidden } from "../../columns/column.js";
import { numberFor } from "../../columns/lists.js";
import { format, sameCode, word } from "../../columns/text.js";
import { integer, numbers, numbersOf } from "../../columns/values.js";
import { cellBits, unitOf } from "../../core/random.js";
import { INT2, INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { PLACE_WEIGHTS, PLACE_ZONES } from "./dictionaries.js";
import { type Schedule, scheduleOf } from "./schedule.js";

/** A moment of the schedule; see `scheduleOf`. */
type Phase = Exclude<keyof Schedule, "firstDropUs" | "lastDropUs">;

/** A moment between another of the row and the end of a phase of the window, evenly. */
export function momentBefore(phase: Phase, path?: string): Column {
  const about = `a moment from ${path ?? "the window's start"} to ${phase}, evenly`;
  return numbers({ type: TIMESTAMPTZ, reads: path === undefined ? [] : [path], about }, (context, inputs) => {
    const schedule = scheduleOf(context.windowUs);
    const end = schedule[phase];
    const from = path === undefined ? undefined : numbersOf(inputs, 0);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const start = from === undefined ? schedule.fromUs : from.values[i];
        out[i] = start + Math.floor(unitOf(cellBits(key, rowIndexes[i], 0)) * Math.max(0, end - start));
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

/** Users of a client whose account is as old as the client's; the others join over the window. */
export const FOUNDING_USERS = 3;

/** A size of the scenario, for columns. */
export function sizeOf(context: BindContext, name: string): number {
  return context.scenario.sizes[name];
}

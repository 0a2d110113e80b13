import { EXACT_FROM, RULES, ZONES } from "../../src/core/time-zones/zones.js";

const HOUR_S = 3600;

/** Where the table of a zone without a rule ends: nobody has decided anything beyond today. */
const LAST_YEAR = 2037;

/** Local time minus UTC in seconds at a moment in seconds, by the time zone data of the Node that runs this. */
export function intlOffset(zone: string): (atS: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return (atS) => {
    const name = format.format(atS * 1000).split(" ")[1];
    const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name);
    if (match === null) throw new Error(`cannot read the offset ${JSON.stringify(name)} of ${zone}`);
    const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
    return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_S + Number(minutes) * 60 + Number(seconds));
  };
}

/** The changes of a zone's clock from EXACT_FROM to where its rule begins, as transitions.ts writes them. */
export function intlTransitions(zone: string): string[] {
  const offsetOf = intlOffset(zone);
  const startS = Date.parse(EXACT_FROM) / 1000;
  const endS = Date.UTC(RULES[ZONES[zone]]?.fromYear ?? LAST_YEAR + 1, 0, 1) / 1000;
  const found = [isoOf(startS, offsetOf(startS))];
  // No zone here was changed twice within a day.
  for (let atS = startS; atS < endS; atS += 24 * HOUR_S) {
    const nextS = Math.min(endS, atS + 24 * HOUR_S);
    if (offsetOf(atS) === offsetOf(nextS)) continue;
    const changeS = changeBetween(offsetOf, atS, nextS);
    found.push(isoOf(changeS, offsetOf(changeS)));
  }
  return found;
}

/** What transitions.ts should hold, by the Node that runs this. */
export function transitionsFile(): string {
  const tables = Object.keys(ZONES).map((zone) => `  "${zone}": \`\n${wrapped(intlTransitions(zone))}\n  \`,`);
  return `// Made by test/unit/core/time-zones.test.ts from the IANA time zone database ${process.versions["tz"]}; not to be edited by hand.

/**
 * When clocks were changed: the moment, written with the offset that holds from it on. The first of a zone is the
 * table's beginning. After the last comes the zone's rule, where it has one (zones.ts).
 */
export const TRANSITIONS: Readonly<Record<string, string>> = {
${tables.join("\n")}
};
`;
}

/** The first second of the later offset. */
function changeBetween(offsetOf: (atS: number) => number, lowS: number, highS: number): number {
  let [low, high] = [lowS, highS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(middle) === offsetOf(highS)) high = middle;
    else low = middle;
  }
  return high;
}

/** ISO 8601, by the clock that is right from that moment on: `1950-04-30T03:00-04:00`. */
function isoOf(atS: number, offsetS: number): string {
  if (atS % 60 !== 0 || offsetS % 60 !== 0) throw new Error("transitions and offsets are whole minutes");
  const two = (value: number): string => String(value).padStart(2, "0");
  const local = new Date((atS + offsetS) * 1000).toISOString().slice(0, 16);
  const minutes = Math.abs(offsetS) / 60;
  return `${local}${offsetS < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function wrapped(words: readonly string[]): string {
  const rows: string[] = [];
  for (let at = 0; at < words.length; at += 5) rows.push(`    ${words.slice(at, at + 5).join(" ")}`);
  return rows.join("\n");
}

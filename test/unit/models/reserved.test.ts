import { describe, expect, it } from "vitest";
import { previewRows } from "../../../src/engine/inspect/preview.js";
import { planned } from "../../support/planned.js";

/** Rows of a table that are looked at. */
const ROWS = 1024;

/** What nobody has: RFC 2606 and RFC 6761 names, RFC 5737, 3849 and 1918 addresses. */
const RESERVED_HOST = /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$/i;
const RESERVED_ADDRESS =
  /^(192\.0\.2|198\.51\.100|203\.0\.113|10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01])|127\.0)\.\d|^2001:db8:/i;
/** 555-0100 to 555-0199 of any area code (NANPA, for fiction), and Egypt's withdrawn mobile codes. */
const RESERVED_PHONE = /^\+(1[2-9]\d\d55501\d\d|201[4678]\d{8})$/;
/** Of an industry that issues no payment cards (ISO/IEC 7812-1), or what card networks publish for tests. */
const NO_CARD = /^(0\d+|4242424242424242|4111111111111111|5555555555554444|378282246310005)$/;

/** What in a value could be somebody's. */
function reachable(value: string): string[] {
  const hosts = [
    ...[...value.matchAll(/[\w.+-]+@([\w-]+(?:\.[\w-]+)+)/g)].map(([, host]) => host),
    ...[...value.matchAll(/\bhttps?:\/\/([^\s/:"?#\\]+)/g)].map(([, host]) => host),
  ].filter((host) => !RESERVED_HOST.test(host) && !RESERVED_ADDRESS.test(host));
  // Not the versions in a browser's name.
  const addresses = [...value.matchAll(/(?<![\w/.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g)]
    .map(([address]) => address)
    .filter((address) => !RESERVED_ADDRESS.test(address));
  const phones = [...value.matchAll(/(?<![\w+])\+\d{8,15}(?!\w)/g)]
    .map(([phone]) => phone)
    .filter((phone) => !RESERVED_PHONE.test(phone));
  const cards = [...value.matchAll(/(?<![\w.+-])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}(?![\w.-])/g)]
    .map(([card]) => card.replace(/\D/g, ""))
    .filter((card) => hasCheckDigit(card) && !NO_CARD.test(card));
  return [...hosts, ...addresses, ...phones, ...cards];
}

/** Luhn's, as payment cards have it (ISO/IEC 7812-1, annex B). */
function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

describe("numbers, addresses and names that reach somebody", () => {
  it.each([
    ["+201012345678", "+201012345678"],
    ["call +14155551234 now", "+14155551234"],
    ['{"ip": "8.8.8.8"}', "8.8.8.8"],
    ["anna@gmail.com", "gmail.com"],
    ["https://github.com/x", "github.com"],
    ["4000 0566 5566 5556", "4000056655665556"],
  ])("are found in %s", (value, found) => expect(reachable(value)).toEqual([found]));

  it.each([
    "marketing/development",
    "gaming/full_game",
    "tapflow/tapflow_noisy",
    "erp/normal-ops",
    "erp/anomaly-heavy",
  ])("are in no table of %s", async (scenario) => {
    const { universe } = await planned(scenario, scenario === "gaming/full_game" ? { scale: 0.005 } : {});
    const found: string[] = [];
    for (const { name } of universe.entities) {
      const { columns, rows } = previewRows(universe, name, 0, Math.min(ROWS, universe.rowCount(name)));
      for (const row of rows) {
        for (const [at, value] of row.entries()) {
          for (const one of reachable(String(value ?? ""))) found.push(`${name}.${columns[at]}: ${one}`);
        }
      }
    }
    expect(found.slice(0, 10)).toEqual([]);
  });
});

import type { Column } from "../../columns/column.js";
import { codes, numbers, numbersOf } from "../../columns/values.js";
import { aliasTable, pickAlias } from "../../core/alias.js";
import { BOOL, INET, INT2, INT8, TEXT } from "../../core/sql-type.js";
import { BROWSER_AGENTS, CLIENT_AGENTS } from "./data/agents.js";
import { bitsOf } from "./vocabulary.js";

/** Purposes of a player's device word. */
const CHOICE = 1_000_000;
const HOST = 2_000_000;
const AGENT = 10;
const PRINT_HIGH = 20;
const PRINT_LOW = 30;
const BLOCK = 40;
const HOSTS = 50;

/** A player's provider hands out one of this many addresses at a time. */
const HOSTS_PER_USER = 3;

/** Logins that come from the first of a player's devices. */
const FIRST_DEVICE_SHARE = 0.65;

const AGENTS = [...CLIENT_AGENTS, ...BROWSER_AGENTS];

/** 1 to 3 devices. */
export function deviceCount(): Column {
  return numbers({ type: INT2, reads: ["device_word"], about: "1 to 3, half of the players 1" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const bits = bitsOf(values[i], 1) / 2 ** 32;
        out[i] = bits < 0.5 ? 1 : bits < 0.85 ? 2 : 3;
      }
    };
  });
}

/** Which of the player's devices a login comes from, from 0. */
export function device(): Column {
  const reads = ["owner_id.device_word", "owner_id.device_count", "$ordinal"];
  return numbers({ type: INT2, reads, about: "mostly the player's first device" }, (_context, inputs) => {
    const [words, devices, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const unit = bitsOf(words[i], CHOICE + ordinals[i]) / 2 ** 32;
        const rest = (unit - FIRST_DEVICE_SHARE) / (1 - FIRST_DEVICE_SHARE);
        out[i] = rest < 0 || devices[i] === 1 ? 0 : 1 + Math.floor(rest * (devices[i] - 1));
      }
    };
  });
}

/** How the program on the device names itself. */
export function deviceAgent(): Column {
  const labels = AGENTS.map(({ userAgent }) => userAgent);
  const reads = ["owner_id.device_word", "device"];
  return codes({ type: TEXT, labels, reads, about: "the device's program, always the same" }, (_context, inputs) => {
    const [words, devices] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const table = aliasTable(AGENTS.map(({ weight }) => weight));
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = pickAlias(table, bitsOf(words[i], AGENT + devices[i]));
    };
  });
}

/** Whether the device runs the game's own program, and not a browser: 0 or 1; 0 for what an attack added. */
export function fromClient(): Column {
  const reads = ["owner_id.device_word", "device", "attack"];
  return numbers({ type: BOOL, reads, about: "whether it is the game's own program" }, (_context, inputs) => {
    const [words, devices, attack] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const table = aliasTable(AGENTS.map(({ weight }) => weight));
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const agent = pickAlias(table, bitsOf(words[i], AGENT + devices[i]));
        out[i] = agent < CLIENT_AGENTS.length && attack[i] === 0 ? 1 : 0;
      }
    };
  });
}

/** Half of the bits of the device's fingerprint. */
export function devicePrint(half: "high" | "low"): Column {
  const purpose = half === "high" ? PRINT_HIGH : PRINT_LOW;
  const reads = ["owner_id.device_word", "device"];
  return numbers({ type: INT8, reads, about: "bits of the device, always the same" }, (_context, inputs) => {
    const [words, devices] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = bitsOf(words[i], purpose + devices[i]);
    };
  });
}

/** Addresses of a region: 2^20 of 10.0.0.0/8 each. */
const NET_10 = 0x0a_00_00_00;

/** One of a few addresses of the player's own block of 256 in the region. */
export function homeAddress(): Column {
  const reads = ["owner_id.device_word", "owner_id.zone", "$ordinal"];
  const about = `one of ${HOSTS_PER_USER} addresses of the player's block, 10.0.0.0/8 by region`;
  return numbers({ type: INET, reads, about }, (_context, inputs) => {
    const [words, zones, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const block = bitsOf(words[i], BLOCK) >>> 20;
        const host = bitsOf(words[i], HOST + ordinals[i]) % HOSTS_PER_USER;
        out[i] = NET_10 + zones[i] * 2 ** 20 + block * 256 + 1 + (bitsOf(words[i], HOSTS + host) % 254);
      }
    };
  });
}

import type { BindContext, Column } from "../../columns/column.js";
import { codes, type NumberFill, numbers, numbersOf } from "../../columns/values.js";
import { HOUR_US } from "../../core/calendar.js";
import { type CellKey, cellBits, multiplyHigh, unitOf } from "../../core/random.js";
import { BOOL, INET, INT8, type SqlType, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import type { NumberVector } from "../../core/vectors.js";
import type { Scenario } from "../../model/scenario/types.js";
import { ATTACK_AGENTS } from "./data/agents.js";
import { SERVER_SITES } from "./data/regions.js";
import { MINUTE_US, registrations } from "./timeline.js";
import { bitsOf } from "./vocabulary.js";

/** Where all attacks come from: the block for benchmarks (RFC 2544), in which no player has an address. */
export const ATTACK_NETWORK = "198.18.0.0/15";
const ATTACK_NET = 0xc6_12_00_00;
const NETS = 512;
/** Addresses that one burst comes from. */
const ADDRESSES_PER_BURST = 5;

/** One attempt of this many gets in: 2%, and at most so however many there are. */
const TRIES_PER_HIT = 50;

/** No attack before this part of the window: there must be accounts to attack. */
const QUIET_PART = 0.1;
const BURST_LEAST_US = 20 * MINUTE_US;
const BURST_SPREAD_US = 70 * MINUTE_US;
/** Stretches that attempts are spread over where they do not come in bursts. */
const SPREAD_STRETCHES = 200;

interface Attack {
  readonly count: number;
  readonly bursts: number;
  readonly startsUs: Float64Array;
  readonly lengthsUs: Float64Array;
  /** Accounts that are there when a burst begins: those with the smallest IDs. */
  readonly targets: Float64Array;
}

/** When bursts come, and whom they can be aimed at. */
function attackOf(context: BindContext): Attack {
  const { count, when, bursts: wanted, fromUs } = context.anomaly("credential_stuffing");
  const key = sharedKey(context);
  const { from, to } = context.windowUs;
  const { rowCount: users } = context.entity("users");
  const momentAt = registrations(context);
  const bursts = Math.max(1, Math.min(count, when === "burst" ? wanted : SPREAD_STRETCHES));
  const quietUs = Math.max(from + QUIET_PART * (to - from), momentAt(1 / users) + 1);
  const firstUs = Math.floor(Math.min(Math.max(fromUs ?? quietUs, quietUs), to - 2 * HOUR_US));
  const slotUs = (to - firstUs) / bursts;
  const startsUs = new Float64Array(bursts);
  const lengthsUs = new Float64Array(bursts);
  const targets = new Float64Array(bursts);
  for (let burst = 0; burst < bursts; burst++) {
    const lengthUs = BURST_LEAST_US + unitOf(cellBits(key, burst, 0)) * BURST_SPREAD_US;
    const isShort = when === "burst" && lengthUs < slotUs / 2;
    lengthsUs[burst] = Math.floor(isShort ? lengthUs : slotUs * (when === "burst" ? 0.5 : 1)) - 1;
    const isFixed = burst === 0 && fromUs !== undefined;
    const waitUs = isFixed || when === "spread" ? 0 : unitOf(cellBits(key, burst, 1)) * (slotUs - lengthsUs[burst] - 1);
    startsUs[burst] = Math.floor(firstUs + burst * slotUs + waitUs);
    targets[burst] = usersAt(startsUs[burst], users, momentAt);
  }
  return { count, bursts, startsUs, lengthsUs, targets };
}

/** A key that all columns of the attack share: a column's own would give each of them bursts of its own. */
function sharedKey(context: BindContext): CellKey {
  const program = context.program("users", ["play_word"]);
  program.run(0, 1);
  return { k0: (program.vector("play_word") as NumberVector).values[0] | 0, k1: 0x2f6b_11c3 };
}

/** How many accounts are registered at a moment for certain; 1 at the least. */
function usersAt(atUs: number, users: number, momentAt: (share: number) => number): number {
  let low = 1;
  let high = users;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (momentAt(middle / users) <= atUs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Which burst an attempt belongs to, of attempts shared out evenly. */
function burstOf(index: number, { count, bursts }: Attack): number {
  return Math.floor(((index + 1) * bursts - 1) / count);
}

/** A column of attempts that an attack added; 0 for other rows, which do not show it. */
function ofAttempts(
  spec: { readonly type: SqlType; readonly about: string },
  value: (attack: Attack, key: CellKey) => (index: number, burst: number) => number,
): Column {
  return numbers({ ...spec, reads: ["attempt"] }, (context, inputs): NumberFill => {
    const attempts = numbersOf(inputs, 0).values;
    const attack = attackOf(context);
    const valueAt = value(attack, context.key());
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = attempts[i] < 0 ? 0 : valueAt(attempts[i], burstOf(attempts[i], attack));
    };
  });
}

/** The row index of the account that is tried. */
export function attackedUser(): Column {
  return ofAttempts({ type: INT8, about: "any account that is registered by then" }, ({ targets }, key) => {
    return (index, burst) => multiplyHigh(cellBits(key, index, 0), targets[burst]);
  });
}

/** Attempts of a burst follow each other. */
export function attackedAt(): Column {
  return ofAttempts({ type: TIMESTAMPTZ, about: "in bursts, one attempt after another" }, (attack, key) => {
    const { count, bursts, startsUs, lengthsUs } = attack;
    return (index, burst) => {
      const first = Math.floor((count * burst) / bursts);
      const size = Math.floor((count * (burst + 1)) / bursts) - first;
      const share = (index - first + unitOf(cellBits(key, index, 0))) / size;
      return startsUs[burst] + Math.floor(share * lengthsUs[burst]);
    };
  });
}

/** One of the few addresses of the burst. */
export function attackerAddress(): Column {
  return ofAttempts(
    { type: INET, about: `${ADDRESSES_PER_BURST} addresses a burst, of ${ATTACK_NETWORK}` },
    (_attack, key) => {
      return (index, burst) => {
        const host = multiplyHigh(cellBits(key, index, 0), ADDRESSES_PER_BURST);
        return ATTACK_NET + (burst % NETS) * 256 + 10 + host * 7;
      };
    },
  );
}

/** Half of the bits of the fingerprint of the machine behind an address. */
export function attackerPrint(half: "high" | "low"): Column {
  return numbers({ type: INT8, reads: ["attacker"], about: "bits of the attacker's machine" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const purpose = half === "high" ? 1 : 2;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = bitsOf(values[i], purpose);
    };
  });
}

/** What the program behind an address calls itself. */
export function attackerAgent(): Column {
  return byAddress(ATTACK_AGENTS, "the attacker's program, one an address", 0);
}

/** Where an attacker's address is. */
export function attackerSite(): Column {
  return byAddress(SERVER_SITES, "a hosting centre, one a burst", 8);
}

/** @param shift bits of the address that are dropped before one of the labels is chosen */
function byAddress(labels: readonly string[], about: string, shift: number): Column {
  return codes({ type: TEXT, labels, reads: ["attacker"], about }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = multiplyHigh(bitsOf(values[i] >>> shift, 3), labels.length);
    };
  });
}

/** Whether an attempt gets in: one of each whole fifty, 0 or 1. */
export function getsIn(): Column {
  return ofAttempts({ type: BOOL, about: `one of each ${TRIES_PER_HIT} attempts` }, ({ count }, key) => {
    return (index) => {
      const group = Math.floor(index / TRIES_PER_HIT);
      const isWhole = (group + 1) * TRIES_PER_HIT <= count;
      return isWhole && index % TRIES_PER_HIT === multiplyHigh(cellBits(key, group, 0), TRIES_PER_HIT) ? 1 : 0;
    };
  });
}

/** How many attempts of a scenario's attack get in. */
export function hitsOf({ sizes, anomalies }: Pick<Scenario, "sizes" | "anomalies">): number {
  return Math.floor(Math.round(anomalies["credential_stuffing"].rate * sizes["logins"]) / TRIES_PER_HIT);
}

/** The number of an attempt's burst, from 1. */
export function burstNumber(): Column {
  return ofAttempts({ type: INT8, about: "which burst the attempt belongs to" }, () => (_index, burst) => burst + 1);
}

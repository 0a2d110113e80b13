import type { BindContext } from "../../columns/column.js";
import type { FanOut } from "../../core/fan-out.js";
import { chanceQuotas, keptStrata, STRATUM_ROWS } from "../../core/quota.js";
import { type CellKey, cellBits, fillBits } from "../../core/random.js";
import { campaignQuotas } from "./campaign-quotas.js";
import {
  ANSWERED,
  CALLED,
  DELIVERED,
  FORM_SUBMITTED,
  GIFT_CARD,
  LEAD,
  MAILED,
  OPTED_IN,
  PURL_VISITED,
  QR_SCANNED,
} from "./steps.js";

/** Most who scan the QR code land on their personal page; the others close it before it loads. */
const SCANS_THAT_VISIT = 0.85;

/** One table a universe: what a fan-out's weights and its children's columns ask for is worked out once. */
const knownStrata = new WeakMap<FanOut, (stratum: number) => Uint16Array>();

/**
 * Deals the journeys of strata of recipients, each once while it is kept. A campaign's recipients are strata of
 * {@link STRATUM_ROWS}, the last of fewer.
 * @returns from a stratum, the campaign's first recipient plus its place among the campaign's strata, to the steps of its rows
 */
export function strataOf(context: BindContext): (stratum: number) => Uint16Array {
  const recipients = context.fanOut("recipients");
  let found = knownStrata.get(recipients);
  if (found === undefined) {
    found = keptStrata(stratumDealer(context, recipients));
    knownStrata.set(recipients, found);
  }
  return found;
}

/** Deals the steps of a stratum's recipients: the campaign's numbers, which strata share as chance would have it. */
function stratumDealer(context: BindContext, recipients: FanOut): (stratum: number, out: Uint16Array) => void {
  const quotasOfCampaign = campaignQuotas(context, recipients);
  const shuffle = shuffler(context.key("mail"));
  const shuffleCallers = shuffler(context.key("calls"));
  const strataKey = context.key("strata");
  const rows = new Float64Array(STRATUM_ROWS);
  const order = new Int32Array(STRATUM_ROWS);
  const at = new Float64Array(1);
  const campaignAt = new Float64Array(1);
  const placeAt = new Float64Array(1);
  let campaign = -1;
  let first = 0;
  let pieces = 0;
  let quotasOf: (place: number) => Float64Array = () => new Float64Array(0);

  return (stratum, out) => {
    at[0] = stratum;
    recipients.locate(at, 1, campaignAt, placeAt);
    if (campaignAt[0] !== campaign) {
      campaign = campaignAt[0];
      first = recipients.start(campaign);
      pieces = recipients.start(campaign + 1) - first;
      const own = { k0: cellBits(strataKey, campaign, 0), k1: cellBits(strataKey, campaign, 1) };
      quotasOf = chanceQuotas(own, pieces, quotasOfCampaign(campaign));
    }
    const start = first + placeAt[0] * STRATUM_ROWS;
    const size = Math.min(STRATUM_ROWS, first + pieces - start);
    const [mailed, delivered, visited, scanned, submitted, lead, called, answered, optedIn, giftCard] = quotasOf(
      placeAt[0],
    );
    for (let i = 0; i < size; i++) rows[i] = start + i;

    out.fill(0, 0, size);
    shuffle(rows, size, order);
    mark(out, order, 0, mailed, MAILED);
    mark(out, order, 0, delivered, DELIVERED);
    // Whoever is delivered to is in random order: the first of them are as good as any.
    mark(out, order, 0, visited, PURL_VISITED);
    mark(out, order, 0, submitted, FORM_SUBMITTED);
    mark(out, order, 0, lead, LEAD);
    const scansThatVisit = Math.min(
      visited,
      Math.max(scanned - (delivered - visited), Math.round(scanned * SCANS_THAT_VISIT)),
    );
    // Evenly along the visitors, so that a scan says nothing about the form.
    for (let i = 0; i < visited; i++) {
      const scansBefore = Math.floor((i * scansThatVisit) / visited);
      if (Math.floor(((i + 1) * scansThatVisit) / visited) > scansBefore) out[order[i]] |= QR_SCANNED;
    }
    mark(out, order, visited, visited + scanned - scansThatVisit, QR_SCANNED);

    if (called === 0) return;
    shuffleCallers(rows, size, order);
    let found = 0;
    for (let i = 0; i < size; i++) if ((out[order[i]] & DELIVERED) !== 0) order[found++] = order[i];
    mark(out, order, 0, called, CALLED);
    mark(out, order, 0, answered, ANSWERED);
    mark(out, order, 0, optedIn, OPTED_IN);
    mark(out, order, 0, giftCard, GIFT_CARD);
  };
}

function mark(out: Uint16Array, positions: Int32Array, from: number, to: number, step: number): void {
  for (let i = from; i < to; i++) out[positions[i]] |= step;
}

/** Shuffles the positions of a stratum (Fisher and Yates) by the bits of its rows. */
function shuffler(key: CellKey): (rows: Float64Array, size: number, out: Int32Array) => void {
  const bits = new Uint32Array(STRATUM_ROWS);
  return (rows, size, out) => {
    fillBits(key, rows, size, 0, bits);
    for (let i = 0; i < size; i++) out[i] = i;
    for (let i = size - 1; i > 0; i--) {
      // Below 2^42 and so exact; what it rounds off is the remainder that a shuffle's bias comes from, 2^-22.
      const other = (bits[i] * (i + 1) * 2 ** -32) | 0;
      const own = out[i];
      out[i] = out[other];
      out[other] = own;
    }
  };
}

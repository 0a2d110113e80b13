import type { BindContext } from "../../columns/column.js";
import { normalQuantile } from "../../core/distributions.js";
import type { FanOut } from "../../core/fan-out.js";
import { exp } from "../../core/math/index.js";
import { keptStrata, quotaBefore, STRATUM_ROWS } from "../../core/quota.js";
import { type CellKey, cellBits, fillBits, unitOf } from "../../core/random.js";
import { clientOfCampaign, industryOfClient } from "./assignment.js";
import { INDUSTRIES, INDUSTRY_NAMES } from "./data/industries.js";
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

/** Campaigns of one industry respond differently: lognormal, so that one in twenty has 1.5 times the usual. */
const RESPONSE_SIGMA = 0.25;

/** One table a universe: what a fan-out's weights and its children's columns ask for is worked out once. */
const knownStrata = new WeakMap<FanOut, (stratum: number) => Uint16Array>();

/** Deals the journeys of strata of recipients, each once while it is kept. */
export function strataOf(context: BindContext): (stratum: number) => Uint16Array {
  const recipients = context.fanOut("recipients");
  let found = knownStrata.get(recipients);
  if (found === undefined) {
    found = keptStrata(stratumDealer(context, recipients));
    knownStrata.set(recipients, found);
  }
  return found;
}

/** Deals the steps of a stratum's recipients. Every step's total over all rows is exact: quotas are differences of totals. */
function stratumDealer(context: BindContext, recipients: FanOut): (stratum: number, out: Uint16Array) => void {
  const total = context.rowCount;
  const totalsBefore = journeyTotals(context);
  const fillResponse = responseByRow(context, recipients);
  const shuffle = shuffler(context.key("mail"));
  const shuffleCallers = shuffler(context.key("calls"));
  const startKey = context.key("start");
  const rows = new Float64Array(STRATUM_ROWS);
  const response = new Float64Array(STRATUM_ROWS);
  const order = new Int32Array(STRATUM_ROWS);
  const delivered = new Int32Array(STRATUM_ROWS);
  const visitors = new Int32Array(STRATUM_ROWS);
  const others = new Int32Array(STRATUM_ROWS);
  const callers = new Int32Array(STRATUM_ROWS);

  return (stratum, out) => {
    const start = stratum * STRATUM_ROWS;
    const size = Math.min(STRATUM_ROWS, total - start);
    const before = totalsBefore(start);
    const after = totalsBefore(start + size);
    const quota = (step: keyof JourneyTotals): number => after[step] - before[step];
    for (let i = 0; i < size; i++) rows[i] = start + i;
    fillResponse(start, size, response);

    out.fill(0, 0, size);
    shuffle(rows, size, order);
    const deliveredCount = quota("delivered");
    mark(out, order, 0, quota("mailed"), MAILED);
    mark(out, order, 0, deliveredCount, DELIVERED);

    const visitorCount = quota("visited");
    const visitStart = unitOf(cellBits(startKey, stratum, 0));
    choose(order, deliveredCount, visitorCount, response, visitStart, visitors, others);
    mark(out, visitors, 0, visitorCount, PURL_VISITED);
    // Whoever visits is in random order: the first of them are as good as any.
    mark(out, visitors, 0, quota("submitted"), FORM_SUBMITTED);
    mark(out, visitors, 0, quota("lead"), LEAD);

    const scanCount = quota("scanned");
    const otherCount = deliveredCount - visitorCount;
    const scansThatVisit = Math.min(
      visitorCount,
      Math.max(scanCount - otherCount, Math.round(scanCount * SCANS_THAT_VISIT)),
    );
    // Evenly along the visitors, so that a scan says nothing about the form.
    for (let i = 0; i < visitorCount; i++) {
      const scansBefore = Math.floor((i * scansThatVisit) / visitorCount);
      if (Math.floor(((i + 1) * scansThatVisit) / visitorCount) > scansBefore) out[visitors[i]] |= QR_SCANNED;
    }
    mark(out, others, 0, scanCount - scansThatVisit, QR_SCANNED);

    const callerCount = quota("called");
    if (callerCount === 0) return;
    shuffleCallers(rows, size, order);
    let found = 0;
    for (let i = 0; i < size; i++) if ((out[order[i]] & DELIVERED) !== 0) delivered[found++] = order[i];
    const callStart = unitOf(cellBits(startKey, stratum, 1));
    choose(delivered, deliveredCount, callerCount, response, callStart, callers, others);
    mark(out, callers, 0, callerCount, CALLED);
    mark(out, callers, 0, quota("answered"), ANSWERED);
    mark(out, callers, 0, quota("optedIn"), OPTED_IN);
    mark(out, callers, 0, quota("giftCard"), GIFT_CARD);
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

/**
 * Chooses exactly `quota` of the first `size` of `from`, each in proportion to its weight, by systematic sampling
 * (Madow, "On the Theory of Systematic Sampling", 1949): equal steps along the cumulative weights, which a shuffle
 * has put in random order. Keeps the order of `from`.
 */
function choose(
  from: Int32Array,
  size: number,
  quota: number,
  weights: Float64Array,
  start: number,
  chosen: Int32Array,
  rest: Int32Array,
): void {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < size; i++) {
    sum += weights[from[i]];
    if (weights[from[i]] > largest) largest = weights[from[i]];
  }
  // A weight of more than one step would have to be chosen twice: then all weigh the same.
  const isEven = largest * quota > sum;
  const step = quota / (isEven ? size : sum);
  // Away from whole numbers, so that rounding in the sum can neither add nor lose a row at the end.
  const shift = 0.001 + 0.998 * start;
  let cumulative = 0;
  let taken = 0;
  let left = 0;
  let reached = 0;
  for (let i = 0; i < size; i++) {
    cumulative += isEven ? 1 : weights[from[i]];
    const next = (cumulative * step + shift) | 0;
    if (next > reached) chosen[taken++] = from[i];
    else rest[left++] = from[i];
    reached = next;
  }
}

interface JourneyTotals {
  readonly mailed: number;
  readonly delivered: number;
  readonly scanned: number;
  readonly visited: number;
  readonly submitted: number;
  readonly lead: number;
  readonly called: number;
  readonly answered: number;
  readonly optedIn: number;
  readonly giftCard: number;
}

/**
 * How many of the first `rows` recipients take each step. A step's total is a share of the total of the step it
 * follows from, so that within any range of rows no more take it than took that one.
 */
function journeyTotals({ scenario: { shares, features } }: BindContext): (rows: number) => JourneyTotals {
  const share = shares as Record<ShareName, number>;
  const { callCenter, giftCards } = features as Record<"callCenter" | "giftCards", boolean>;
  return (rows) => {
    const mailed = quotaBefore(rows, share.mailed);
    const delivered = quotaBefore(mailed, ratio(share.delivered, share.mailed));
    const visited = quotaBefore(delivered, ratio(share.purlVisited, share.delivered));
    const submitted = quotaBefore(visited, ratio(share.formSubmitted, share.purlVisited));
    const called = callCenter ? quotaBefore(delivered, ratio(share.called, share.delivered)) : 0;
    const answered = quotaBefore(called, share.answered);
    const optedIn = quotaBefore(answered, ratio(share.smsOptedIn, share.answered));
    return {
      mailed,
      delivered,
      scanned: quotaBefore(delivered, ratio(share.qrScanned, share.delivered)),
      visited,
      submitted,
      lead: quotaBefore(submitted, ratio(share.lead, share.formSubmitted)),
      called,
      answered,
      optedIn,
      giftCard: giftCards ? quotaBefore(optedIn, share.giftCardIssued) : 0,
    };
  };
}

type ShareName =
  | "mailed"
  | "delivered"
  | "qrScanned"
  | "purlVisited"
  | "formSubmitted"
  | "lead"
  | "called"
  | "answered"
  | "smsOptedIn"
  | "giftCardIssued";

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}

/** Fills how readily each of some recipients answers, beside others: by the industry's habit and the campaign's luck. */
function responseByRow(
  context: BindContext,
  recipients: FanOut,
): (start: number, size: number, out: Float64Array) => void {
  const clientOf = clientOfCampaign(context);
  const industryOf = industryOfClient(context);
  const factors = INDUSTRY_NAMES.map((name) => INDUSTRIES[name].responseFactor);
  const key = context.key("response");
  const responseOf = (campaign: number): number => {
    const luck = exp(RESPONSE_SIGMA * normalQuantile(unitOf(cellBits(key, campaign, 0))));
    return factors[industryOf(clientOf(campaign))] * luck;
  };
  const first = new Float64Array(1);
  const owner = new Float64Array(1);
  const ordinal = new Float64Array(1);
  return (start, size, out) => {
    first[0] = start;
    recipients.locate(first, 1, owner, ordinal);
    let campaign = owner[0];
    for (let at = 0; at < size; campaign++) {
      const end = Math.min(size, recipients.start(campaign + 1) - start);
      if (end > at) out.fill(responseOf(campaign), at, end);
      at = Math.max(at, end);
    }
  };
}

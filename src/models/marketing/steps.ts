/** The steps that are rows of `events`, in the order of their bits and of time. */
export const EVENT_TYPES = [
  "mailed",
  "delivered",
  "qr_scanned",
  "purl_visited",
  "form_submitted",
  "lead_created",
] as const;

/** A recipient's journey: one bit a step. */
export const MAILED = 1;
export const DELIVERED = 2;
export const QR_SCANNED = 4;
export const PURL_VISITED = 8;
export const FORM_SUBMITTED = 16;
export const LEAD = 32;
export const CALLED = 64;
export const ANSWERED = 128;
export const OPTED_IN = 256;
export const GIFT_CARD = 512;

export const EVENTS = MAILED | DELIVERED | QR_SCANNED | PURL_VISITED | FORM_SUBMITTED | LEAD;
export const WEB = QR_SCANNED | PURL_VISITED;
export const ENGAGED = WEB | CALLED;

/** Places of the web steps in EVENT_TYPES. */
export const STEP_SCAN = 2;
export const STEP_VISIT = 3;
export const STEP_FORM = 4;
export const STEP_LEAD = 5;

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;

/**
 * When a recipient takes a web step. A scan opens the page within a minute, the form comes up to 20 minutes later, and
 * a lead is made of it 5 minutes to 3 hours after that: less than four hours in all.
 * @param journey the recipient's steps
 * @param engagedUs the first scan or visit
 * @param pace 32 random bits of the recipient
 */
export function stepMoment(step: number, journey: number, engagedUs: number, pace: number): number {
  if (step === STEP_SCAN) return engagedUs;
  const visit = (journey & QR_SCANNED) === 0 ? engagedUs : engagedUs + 3 * SECOND_US + (pace & 0x3f) * 900_137;
  if (step === STEP_VISIT) return visit;
  const form = visit + MINUTE_US + ((pace >>> 6) & 0xfff) * 277_831;
  return step === STEP_FORM ? form : form + 5 * MINUTE_US + (pace >>> 18) * 634_717;
}

/** When a recipient who scanned or visited took the last of these steps. */
export function lastStepMoment(journey: number, engagedUs: number, pace: number): number {
  const step =
    (journey & LEAD) !== 0
      ? STEP_LEAD
      : (journey & FORM_SUBMITTED) !== 0
        ? STEP_FORM
        : (journey & PURL_VISITED) !== 0
          ? STEP_VISIT
          : STEP_SCAN;
  return stepMoment(step, journey, engagedUs, pace);
}

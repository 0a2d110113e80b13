import { FORM_SUBMITTED, LEAD, PURL_VISITED, QR_SCANNED } from "./journey.js";

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

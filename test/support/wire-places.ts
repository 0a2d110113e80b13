import type { WireMessage, WireProxy } from "./wire-proxy.js";

/** A place in the protocol: who sends what on which connection. */
export interface WirePlace {
  readonly from: WireMessage["from"];
  readonly application: RegExp;
  readonly type: string;
  readonly text?: RegExp;
  /** What the client has to have asked for before, on such a connection. */
  readonly after?: RegExp;
}

const WORKER = { application: /^seed-bulk worker$/ };
const FINISHER = { application: /^seed-bulk finisher/ };
const COORDINATOR = { application: /^seed-bulk coordinator$/ };
const CLIENT = { from: "client" } as const;
const SERVER = { from: "server" } as const;
/** What only the beginning of a run, and only a change of its state, asks for. */
const BEGINNING = { ...COORDINATOR, after: /INTO seed_bulk\.runs/ };
const CHANGING = { ...COORDINATOR, after: /AS shards, coalesce/ };

/** The places of a run's life in their order, by what they are called, and how often each has come by then. */
export const PLACES = {
  "the making of tables": [{ ...COORDINATOR, ...CLIENT, type: "Q", text: /CREATE TABLE/ }, 1],
  "a new run's COMMIT": [{ ...BEGINNING, ...CLIENT, type: "Q", text: /^COMMIT/ }, 1],
  "the answer to a new run's COMMIT": [{ ...BEGINNING, ...SERVER, type: "C", text: /^COMMIT/ }, 1],
  "a worker's start of a connection": [{ ...WORKER, ...CLIENT, type: "startup" }, 1],
  "a worker's BEGIN": [{ ...WORKER, ...CLIENT, type: "Q", text: /^BEGIN/ }, 1],
  "a COPY that is asked for": [{ ...WORKER, ...CLIENT, type: "Q", text: /^COPY/ }, 2],
  "a COPY that has begun": [{ ...WORKER, ...SERVER, type: "G" }, 2],
  "a COPY's data": [{ ...WORKER, ...CLIENT, type: "d" }, 5],
  "a COPY's end": [{ ...WORKER, ...CLIENT, type: "c" }, 2],
  "a COPY's answer": [{ ...WORKER, ...SERVER, type: "C", text: /^COPY/ }, 2],
  "a shard's row for the ledger": [{ ...WORKER, ...CLIENT, type: "P", text: /INTO seed_bulk\.shards/ }, 2],
  "the answer to a shard's row": [{ ...WORKER, ...SERVER, type: "C", text: /^INSERT/ }, 2],
  "a shard's COMMIT": [{ ...WORKER, ...CLIENT, type: "Q", text: /^COMMIT/ }, 2],
  "the answer to a shard's COMMIT": [{ ...WORKER, ...SERVER, type: "C", text: /^COMMIT/ }, 2],
  "a state's look at the lease": [{ ...COORDINATOR, ...CLIENT, type: "P", text: /SELECT 1 FROM seed_bulk\.leases/ }, 1],
  "a state for the ledger": [{ ...CHANGING, ...CLIENT, type: "P", text: /UPDATE seed_bulk\.runs SET state/ }, 1],
  "a state's COMMIT": [{ ...CHANGING, ...CLIENT, type: "Q", text: /^COMMIT/ }, 1],
  "the answer to a state's COMMIT": [{ ...CHANGING, ...SERVER, type: "C", text: /^COMMIT/ }, 1],
  "a finisher's start of a connection": [{ ...FINISHER, ...CLIENT, type: "startup" }, 1],
  "an index that is asked for": [{ ...FINISHER, ...CLIENT, type: "Q", text: /^CREATE/ }, 2],
  "an index's answer": [{ ...FINISHER, ...SERVER, type: "C", text: /^CREATE/ }, 2],
  "a step's row for the ledger": [{ ...FINISHER, ...CLIENT, type: "P", text: /INTO seed_bulk\.steps/ }, 2],
  "a step's COMMIT": [{ ...FINISHER, ...CLIENT, type: "Q", text: /^COMMIT/ }, 2],
  "the answer to a step's COMMIT": [{ ...FINISHER, ...SERVER, type: "C", text: /^COMMIT/ }, 2],
  "the answer to a key": [{ ...FINISHER, ...SERVER, type: "C", text: /^ALTER/ }, 1],
  "a validation": [{ ...FINISHER, ...CLIENT, type: "Q", text: /VALIDATE/ }, 1],
  statistics: [{ ...FINISHER, ...CLIENT, type: "Q", text: /^ANALYZE/ }, 2],
  "the last state's COMMIT": [{ ...CHANGING, ...CLIENT, type: "Q", text: /^COMMIT/ }, 2],
  "the answer to the last state's COMMIT": [{ ...CHANGING, ...SERVER, type: "C", text: /^COMMIT/ }, 2],
} as const satisfies Record<string, readonly [WirePlace, number]>;

export type PlaceName = keyof typeof PLACES;

/** Whether a message is one of a place, whatever came before. */
export function isAt(message: WireMessage, { from, application, type, text = /^/ }: WirePlace): boolean {
  return (
    message.from === from && message.type === type && application.test(message.application) && text.test(message.text)
  );
}

/** Tells of each message whether it is the one of a place that counts. */
function arrival(name: PlaceName): (message: WireMessage) => boolean {
  const [place, nth] = PLACES[name];
  let seen = 0;
  let isAfter = !("after" in place);
  return (message) => {
    if (!isAfter && "after" in place)
      isAfter = place.application.test(message.application) && place.after.test(message.text);
    return isAfter && isAt(message, place) && ++seen === nth;
  };
}

/** Cuts the connection at a place, once. @returns whether it has come to that */
export function cutAt(proxy: WireProxy, name: PlaceName): { struck: boolean } {
  const hasCome = arrival(name);
  const strike = { struck: false };
  proxy.decide = (message) => {
    if (!hasCome(message)) return "pass";
    strike.struck = true;
    return "cut";
  };
  return strike;
}

/** Holds a connection at a place, once. */
export function holdAt(proxy: WireProxy, name: PlaceName): { readonly reached: Promise<void>; release(): void } {
  const hasCome = arrival(name);
  let reach = (): void => {};
  let release = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  proxy.decide = (message) => {
    if (!hasCome(message)) return "pass";
    reach();
    return released;
  };
  return { reached, release };
}

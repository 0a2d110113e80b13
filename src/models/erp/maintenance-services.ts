import type { Column } from "../../columns/column.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { cellBits } from "../../core/random.js";
import { INT2, INT4, TEXT, TEXT_ARRAY } from "../../core/sql-type.js";
import { wordVector } from "../../core/vectors.js";
import { MACHINE_KINDS, MACHINES, SERVICES, SPARE_PARTS } from "./data/texts.js";
import { within } from "./vocabulary.js";

// What is done to which machine, how long that takes, and which parts.

/** Types of visits; the last follows up another visit. */
export const VISIT_TYPES = ["preventive", "repair", "installation", "follow_up"] as const;

export const MACHINE_WEIGHTS = Object.fromEntries(Object.entries(MACHINES).map(([name, [, weight]]) => [name, weight]));

/** What is done to a kind of machine at a type of visit; a follow-up puts something right. */
export const SERVICES_BY_JOB: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  MACHINE_KINDS.flatMap((kind) =>
    VISIT_TYPES.map((type) => {
      const fitting = SERVICES.flatMap(({ machines, types }, at) =>
        machines.includes(kind) && types.includes(type === "follow_up" ? "repair" : type) ? [String(at)] : [],
      );
      return [`${kind} ${type}`, fitting];
    }),
  ),
);
const JOBS = Object.keys(SERVICES_BY_JOB);

/** The place in SERVICES of each word of the column `service`, which are those of all jobs in turn. */
const SERVICE_OF_WORD = JOBS.flatMap((name) => SERVICES_BY_JOB[name].map(Number));

/** The kind of the machine and the type of the visit. */
export function job(): Column {
  const kinds = Object.values(MACHINES).map(([kind]) => MACHINE_KINDS.indexOf(kind));
  const spec = { type: TEXT, labels: JOBS, reads: ["machine", "visit_type"], about: "what kind of machine, and why" };
  return codes(spec, (_context, inputs) => {
    const [machines, types] = [wordsOf(inputs, 0).codes, wordsOf(inputs, 1).codes];
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = kinds[machines[i]] * VISIT_TYPES.length + types[i];
    };
  });
}

/** What is done, as a list. */
export function serviceTasks(): Column {
  return {
    type: TEXT_ARRAY,
    reads: ["service"],
    about: "what is done, by the machine and the type of the visit",
    bind(context, inputs) {
      const { codes: own } = wordsOf(inputs, 0);
      const out = wordVector(context.dictionary("services"));
      return {
        out,
        fill({ count }) {
          for (let i = 0; i < count; i++) out.codes[i] = SERVICE_OF_WORD[own[i]];
        },
      };
    },
  };
}

/** As long as what is done takes. */
export function minutes(): Column {
  return numbers({ type: INT2, reads: ["service"], about: "as long as what is done takes" }, (context, inputs) => {
    const { codes: own } = wordsOf(inputs, 0);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const [least, most] = SERVICES[SERVICE_OF_WORD[own[i]]].minutes;
        out[i] = within(cellBits(key, rowIndexes[i], 0), least, most);
      }
    };
  });
}

/** The parts of what is done, none twice on a visit. */
export function partName(): Column {
  const codesOfParts = SPARE_PARTS.map(([, code]) => code);
  const partsOf = SERVICES.map(({ parts }) => parts.map((code) => codesOfParts.indexOf(code)));
  return {
    type: TEXT,
    reads: ["visit_id.service", "$parent", "$ordinal"],
    about: "a part that the visit's service takes",
    bind(context, inputs) {
      const { codes: services } = wordsOf(inputs, 0);
      const [visits, ordinals] = [1, 2].map((at) => numbersOf(inputs, at).values);
      const key = context.key();
      const out = wordVector(context.dictionary("spare_parts"));
      return {
        out,
        fill({ count }) {
          for (let i = 0; i < count; i++) {
            const parts = partsOf[SERVICE_OF_WORD[services[i]]];
            out.codes[i] = parts[(cellBits(key, visits[i], 0) + ordinals[i]) % parts.length];
          }
        },
      };
    },
  };
}

export function partQuantity(): Column {
  return numbers(
    { type: INT2, reads: ["part_name"], about: "one, or as many as a machine has of it" },
    (context, inputs) => {
      const { codes: parts } = wordsOf(inputs, 0);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = within(cellBits(key, rowIndexes[i], 0), 1, SPARE_PARTS[parts[i]][3]);
      };
    },
  );
}

/** Only visits that took place took parts. */
export function partCount(): Column {
  const about = "1 to 3, as what is done allows, in the share visitsWithParts of completed visits";
  return numbers({ type: INT4, reads: ["completed", "service"], about }, (context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    const { codes: services } = wordsOf(inputs, 1);
    const bound = context.scenario.shares["visitsWithParts"] * 2 ** 32;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const takes = cellBits(key, rowIndexes[i], 0) < bound;
        const most = Math.min(3, SERVICES[SERVICE_OF_WORD[services[i]]].parts.length);
        out[i] = takes ? values[i] * within(cellBits(key, rowIndexes[i], 1), 1, most) : 0;
      }
    };
  });
}

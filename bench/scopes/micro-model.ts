import type { Column } from "../../src/columns/column.js";
import { id, ordinal, parent, reference } from "../../src/columns/keys.js";
import { shuffledNumber } from "../../src/columns/lists.js";
import { documentationAddress } from "../../src/columns/network.js";
import { format, uuid, word } from "../../src/columns/text.js";
import { after, momentIn } from "../../src/columns/times.js";
import { chance, choice, copied, drawn, integer, sometimes, textChoice } from "../../src/columns/values.js";
import { type Calendar, calendar } from "../../src/core/calendar.js";
import { shareDictionary } from "../../src/core/dictionary.js";
import { lognormal } from "../../src/core/distributions.js";
import { DATE, FLOAT8, INT2, INT8, numeric, TEXT } from "../../src/core/sql-type.js";
import { childrenOf, entity, rows } from "../../src/model/entity.js";
import type { Model } from "../../src/model/model.js";
import type { Scenario } from "../../src/model/scenario/types.js";
import { Universe } from "../../src/model/universe.js";

const PARENTS = 10_000;
const CELLS = 1_000_000;
const FROM = "2024-01-01T00:00:00.000Z";
const TO = "2025-01-01T00:00:00.000Z";

function businessYear(): Calendar {
  return calendar({
    fromUs: Date.parse(FROM) * 1000,
    toUs: Date.parse(TO) * 1000,
    months: Array.from({ length: 12 }, (_, month) => 4 + (month % 5)),
    weekdays: [1, 5, 6, 6, 6, 5, 2],
    hours: Array.from({ length: 24 }, (_, hour) => (hour < 7 || hour > 20 ? 1 : 8)),
  });
}

/** One column of every kind, each to be filled by itself. */
export const KINDS: Readonly<Record<string, Column>> = {
  id: id(),
  parent: parent("parents"),
  ordinal: ordinal(),
  "reference, even": reference("parents"),
  "reference, Zipf": reference("parents", { kind: "zipf", exponent: 1.1 }),
  "integer int2": integer(0, 100, INT2),
  "integer int8": integer(0, 1_000_000, INT8),
  "integer float8": integer(0, 1_000_000, FLOAT8),
  "integer date": integer(0, 20_000, DATE),
  "drawn numeric": drawn({
    type: numeric(12, 2),
    about: "lognormal",
    quantile: () => lognormal(25_000, 0.8),
    low: 1,
    high: 1e9,
  }),
  chance: chance(0.3),
  choice: choice("kind", ["one", "two", "three", "four"], { one: 60, two: 20, three: 15, four: 5 }),
  textChoice: textChoice({ one: 60, two: 20, three: 15, four: 5 }),
  word: word("words"),
  "word, sometimes": sometimes(0.5, word("words")),
  format: format("{word}.{number}@example.com"),
  uuid: uuid(),
  address: documentationAddress(),
  shuffledNumber: shuffledNumber(),
  momentIn: momentIn(businessYear),
  after: after("moment", 1, 21),
  "through a parent": copied("owner.name", TEXT),
};

const parents = entity("parents", {
  comment: "Parents of the cells",
  rows: rows(() => PARENTS),
  columns: { id: id(), name: word("words") },
});

const cells = entity("cells", {
  comment: "One column of every kind",
  rows: childrenOf("parents", { total: () => CELLS }),
  columns: {
    ...KINDS,
    owner: parent("parents"),
    number: shuffledNumber(),
    moment: momentIn(businessYear),
  },
});

/** Rows of the table that the columns are filled for. */
export const CELL_ROWS = CELLS;

/** The universe of that table. */
export function microUniverse(scenario: Scenario, knobs: Model["knobs"]): Universe {
  const model: Model = {
    name: "micro",
    schema: "micro",
    description: "One column of every kind",
    entities: [parents, cells],
    knobs,
    dictionaries: {},
  };
  const words = Array.from({ length: 2000 }, (_, i) => `word${"abcdefgh".slice(0, i % 9)}${i}`);
  return new Universe(model, { ...scenario, window: { from: FROM, to: TO } }, { words: shareDictionary(words) });
}

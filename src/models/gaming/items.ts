import { type Column, checked, described, hidden, unique } from "../../columns/column.js";
import { id } from "../../columns/keys.js";
import { codes, numbers, numbersOf } from "../../columns/values.js";
import { dictionaryOf } from "../../core/dictionary.js";
import { exp, log } from "../../core/math/index.js";
import { permutation } from "../../core/permutation.js";
import { cellBits, unitOf } from "../../core/random.js";
import { enumType, INT2, INT4, INT8, TEXT } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector, wordVector } from "../../core/vectors.js";
import { entity, rows } from "../../model/entity.js";
import { ITEM_KINDS, ITEM_ORIGINS, ITEM_QUALITIES } from "./data/words.js";
import { windowStart } from "./moments.js";

/** How rare items are, the most common first. */
export const RARITIES = ["common", "uncommon", "rare", "epic", "legendary"] as const;

/** What items of each rarity are worth in gold: evenly in between on a logarithmic scale, and none in two of them. */
export const PRICES: readonly (readonly [least: number, most: number])[] = [
  [5, 40],
  [50, 200],
  [250, 900],
  [1_000, 4_000],
  [5_000, 20_000],
];

/** How often an item of each rarity is traded or found beside others. */
export const TRADE_WEIGHTS: readonly number[] = [100, 45, 15, 5, 1];

/** The kinds of items, and what each is for. */
export const CATEGORIES = {
  weapon: "To strike, shoot and cast with",
  armor: "Worn against blows and weather",
  potion: "Drunk once, for a while's effect",
  trinket: "Small things with a power of their own",
  material: "For smiths, weavers and enchanters",
  mount: "For whoever rides",
} as const satisfies Record<keyof typeof ITEM_KINDS, string>;

const CATEGORY_NAMES = Object.keys(CATEGORIES) as (keyof typeof CATEGORIES)[];
const NOUNS = CATEGORY_NAMES.flatMap((category) => ITEM_KINDS[category].map((noun) => ({ noun, category })));
const NAMES = ITEM_QUALITIES.length * NOUNS.length * ITEM_ORIGINS.length;

/** Things of the game. */
export const items = entity("items", {
  comment: "Things that can be owned and traded, the most common first",
  rows: rows(({ sizes }) => sizes["items"]),
  lastId: () => NAMES,
  columns: {
    id: id(),
    form: hidden(form()),
    name: unique(name()),
    category: category(),
    rarity: rarity(),
    rarity_code: hidden(rarityCode()),
    gold_value: checked("gold_value > 0", described("What it is worth; the rarer, the dearer", goldValue())),
    created_at: windowStart(),
  },
});

/** Categories, behind their feature. Items name theirs with or without it. */
export const itemCategories = entity("item_categories", {
  comment: "The kinds of items; items.category names one",
  feature: "itemCategories",
  rows: rows(() => CATEGORY_NAMES.length),
  columns: {
    id: id(INT2),
    name: unique(codes({ type: TEXT, labels: CATEGORY_NAMES, about: "one after another" }, () => inOrder)),
    description: codes({ type: TEXT, labels: Object.values(CATEGORIES), about: "of the name" }, () => inOrder),
    created_at: windowStart(),
  },
});

function inOrder(
  { rowIndexes, count }: { readonly rowIndexes: Float64Array; readonly count: number },
  out: Int32Array,
) {
  for (let i = 0; i < count; i++) out[i] = rowIndexes[i];
}

/** Quality, noun and origin of the name as one number, another one in each row. */
function form(): Column {
  return numbers({ type: INT4, about: "which name, none twice" }, (context) => {
    const { forward } = permutation(context.key(), NAMES);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = forward(rowIndexes[i]);
    };
  });
}

function nameOf(form: number): string {
  const origin = ITEM_ORIGINS[form % ITEM_ORIGINS.length];
  const rest = Math.floor(form / ITEM_ORIGINS.length);
  return `${ITEM_QUALITIES[Math.floor(rest / NOUNS.length)]} ${NOUNS[rest % NOUNS.length].noun}${origin}`;
}

function nounOf(form: number): number {
  return Math.floor(form / ITEM_ORIGINS.length) % NOUNS.length;
}

/** The names of these items only: all that there can be are 46,000. */
function name(): Column {
  return {
    type: TEXT,
    reads: [],
    about: "quality, noun and origin",
    bind(context) {
      const program = context.program("items", ["form"]);
      const names: string[] = [];
      while (names.length < context.rowCount) {
        const count = Math.min(BATCH_ROWS_MAX, context.rowCount - names.length);
        program.run(names.length, count);
        const { values } = program.vector("form") as NumberVector;
        for (let i = 0; i < count; i++) names.push(nameOf(values[i]));
      }
      const out = wordVector(dictionaryOf(names));
      return {
        out,
        fill({ rowIndexes, count }) {
          for (let i = 0; i < count; i++) out.codes[i] = rowIndexes[i];
        },
      };
    },
  };
}

function category(): Column {
  const spec = { type: TEXT, labels: CATEGORY_NAMES, reads: ["form"], about: "of the name's noun" };
  const table = Int32Array.from(NOUNS, (entry) => CATEGORY_NAMES.indexOf(entry.category));
  return codes(spec, (_context, inputs) => {
    const forms = numbersOf(inputs, 0).values;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = table[nounOf(forms[i])];
    };
  });
}

/** Where the items of each rarity end: shares of all, at least one common. */
export function rarityEnds(items: number, weights: Readonly<Record<string, number>>): number[] {
  const total = RARITIES.reduce((sum, rarity) => sum + weights[rarity], 0);
  let sum = 0;
  return RARITIES.map((rarity) => {
    sum += weights[rarity];
    return Math.round((items * sum) / total);
  });
}

function rarityCode(): Column {
  return numbers({ type: INT2, about: "the most common first, by the scenario's shares" }, (context) => {
    const ends = rarityEnds(context.rowCount, context.scenario.weights["itemRarity"]);
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) out[i] = ends.findIndex((end) => rowIndexes[i] < end);
    };
  });
}

function rarity(): Column {
  const spec = { type: enumType("item_rarity", RARITIES), labels: RARITIES, reads: ["rarity_code"] };
  return codes({ ...spec, about: "the rarity by its code" }, (_context, inputs) => {
    const { values } = numbersOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = values[i];
    };
  });
}

function goldValue(): Column {
  const about = "by the rarity, evenly on a logarithmic scale";
  return numbers({ type: INT8, reads: ["rarity_code"], about }, (context, inputs) => {
    const rarities = numbersOf(inputs, 0).values;
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const [least, most] = PRICES[rarities[i]];
        const share = unitOf(cellBits(key, rowIndexes[i], 0));
        out[i] = Math.round(least * exp(share * log(most / least)));
      }
    };
  });
}

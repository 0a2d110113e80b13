/**
 * Deliberate faults of the vocabulary, each of which a test that is not a golden must notice: a file, what stands in it
 * once, and what is put in its place.
 */
const columns = (file) => `src/columns/${file}.ts`;

export const MUTANTS = [
  // Draws.
  ["weights ignored", columns("values"), "out[i] = pickAlias(table, bits[i]);", "out[i] = bits[i] % labels.length;"],
  ["whole numbers without the last", columns("values"), "high - low + 1, out", "Math.max(1, high - low), out"],
  ["a chance reversed", columns("values"), "bits[i] < bound ? 1 : 0", "bits[i] < bound ? 0 : 1"],
  ["NULLs reversed", columns("values"), "rowIndexes[i], 0) >= limit", "rowIndexes[i], 0) < limit"],
  [
    "a number not rounded to its bounds",
    columns("values"),
    "Math.min(high, Math.max(low,",
    "Math.min(Infinity, Math.max(low,",
  ],
  ["first word always", columns("text"), "multiplyHigh(bits[i], words.count)", "multiplyHigh(0, words.count)"],
  [
    "words in a row repeat",
    columns("lists"),
    "forward((rowIndexes[i] + rowsBefore) % words.count)",
    "forward(Math.floor((rowIndexes[i] + rowsBefore) / 2) % words.count)",
  ],
  ["a list's weights ignored", columns("picks"), "table ? pickAlias(table, bits[i]) :", "table === null ? 0 :"],
  [
    "a list's NULL lost",
    columns("picks"),
    "if (spec.nullable && values[picked.values[i]] === null) setNull(out.nulls, i);",
    "",
  ],
  ["a list's column of another row", columns("picks"), "out[i] = units[picked.values[i]];", "out[i] = units[0];"],
  ["a pattern's digits not taken off", columns("patterns"), "numbers[i] = rest;", "numbers[i] = number;"],
  [
    "a pattern that repeats",
    columns("patterns"),
    "numbers[i] = forward(rowIndexes[i] + rowsBefore);",
    "numbers[i] = forward(Math.floor(rowIndexes[i] / 2) + rowsBefore);",
  ],
  [
    "too few values not refused",
    columns("patterns"),
    "if (rowCount + rowsBefore <= size) return;",
    "if (rowCount >= 0) return;",
  ],
  ["unique numbers off by one", columns("kinds/draws"), "values[i] += low;", "values[i] += low + 1;"],
  [
    "exact shares drawn",
    columns("kinds/labels"),
    "while (code < last && place >= quotas[last - code]) code++;",
    "code = place % (last + 1);",
  ],
  ["labels' numbers mixed", columns("kinds/labels"), "out.values[i] = units[found[i]];", "out.values[i] = units[0];"],
  [
    "UUIDs that repeat",
    columns("keys"),
    "bijectBits(shuffle, ownIndexes[i] | 0)",
    "bijectBits(shuffle, (ownIndexes[i] | 0) >>> 1)",
  ],
  // Distributions.
  ["sigma 0", "src/core/distributions.ts", "exp(sigma * normalQuantile", "exp(0 * sigma * normalQuantile"],
  [
    "a deviation halved",
    "src/core/distributions.ts",
    "mean + deviation * normalQuantile",
    "mean + 0.5 * deviation * normalQuantile",
  ],
  ["an exponential's mean halved", "src/core/distributions.ts", "-mean * log", "-0.5 * mean * log"],
  [
    "the tail cut",
    "src/core/distributions.ts",
    "if (p > 1 - 0.02425) return",
    "if (p > 1 - 0.02425) return 1.97 + 0 *",
  ],
  [
    "a histogram's weights ignored",
    "src/core/distributions.ts",
    "while (at < last && unit >= ends[at]) at++;",
    "at = Math.floor(unit * bins.length);",
  ],
  [
    "a histogram's bins without width",
    "src/core/distributions.ts",
    "low + ((high - low) * (unit - start)) / (ends[at] - start)",
    "low",
  ],
  [
    "Zipf's exponent ignored",
    "src/core/distributions.ts",
    "const power = 1 - exponent;",
    "const power = 1 - 0.2 * exponent;",
  ],
  // Links.
  ["Zipf unshuffled", columns("links"), "out[i] = forward(rankOf(bits[i]));", "out[i] = rankOf(bits[i]);"],
  [
    "a link's weights ignored",
    columns("links"),
    "rowAt(cellBits53(key, rowIndexes[i], 0) / 2 ** 53)",
    "rowIndexes[i] % rowCount",
  ],
  [
    "within the table, not the owner",
    columns("links"),
    "out[i] = from + uniformBelow(key, rowIndexes[i], 0, size);",
    "out[i] = uniformBelow(key, rowIndexes[i], 0, size);",
  ],
  [
    "distinct rows that repeat",
    columns("links"),
    "out[i] = from + choose(ordinals[i]);",
    "out[i] = from + choose(ordinals[i] >> 1);",
  ],
  ["a tree of one level", columns("links"), "const from = level === 1 ? 0 : ends[level - 2];", "const from = 0;"],
  [
    "a later row for an earlier one",
    columns("links"),
    "out[i] = rowIndexes[i] - (pick",
    "out[i] = rowIndexes[i] + (pick",
  ],
  ["rows not in turn", columns("links"), "out[i] = rowIndexes[i] % rowCount;", "out[i] = 0;"],
  // Moments.
  [
    "a moment before the other",
    columns("times"),
    "const low = start + lowDays * DAY_US;",
    "const low = start - lowDays * DAY_US;",
  ],
  [
    "days without their most",
    columns("times"),
    "Math.min(end, start + highDays * DAY_US)",
    "Math.min(end, start + lowDays * DAY_US)",
  ],
  ["between without the end", columns("times"), "Math.max(start + 1, end));", "toUs);"],
  ["not rising", columns("times"), "(rowIndexes[i] + unitOf(bits[i])) / rowCount", "unitOf(bits[i])"],
  ["hours ignored", "src/core/calendar.ts", "ofDay * ofHours[hour]", "ofDay"],
  ["the zone ignored", "src/core/calendar.ts", "(spec.utcOffsetHours?.(atUs) ?? 0)", "0"],
  // Children.
  ["children's NULLs counted", columns("sums"), "if (!(nulls.any && nulls.flags[i] === 1)) see", "see"],
  [
    "least for greatest",
    columns("sums"),
    'which === "least" ? Math.min : Math.max',
    'which === "least" ? Math.max : Math.min',
  ],
  ["last for first", columns("sums"), 'which === "first" ? first : end - 1', "first"],
  ["a childless row without NULL", columns("sums"), "if (childless[i] === 1) setNull(out.nulls, i);", ";"],
  [
    "one child too many",
    columns("kinds/keys"),
    "start(rowIndexes[i] + 1) - start(rowIndexes[i]);",
    "start(rowIndexes[i] + 1) - start(rowIndexes[i]) + 1;",
  ],
  // Texts and documents.
  [
    "padding ignored",
    columns("composing"),
    "const digits = Math.max(width, digitCount(size));",
    "const digits = digitCount(size);",
  ],
  [
    "a sign lost",
    columns("composing"),
    "if (input.values[i] < 0) bytes[cursors[i]++] = 0x2d;",
    "if (input.values[i] < 0) bytes[cursors[i]++] = 0x30;",
  ],
  [
    "quotes not escaped",
    columns("json"),
    "const escapes = isJson ? [] : ESCAPES;",
    "const escapes: typeof ESCAPES = [];",
  ],
  ["null left out of a document", columns("json"), "if (input.nulls.flags[i] === 1) codes[i] = words.length;", ";"],
  // Conditions and anomalies.
  [
    "set where it is not",
    columns("conditions"),
    "if (any) for (let i = 0; i < count; i++) if (flags[i] === 1) out.values[i]",
    "if (any) for (let i = 0; i < count; i++) if (flags[i] === 0) out.values[i]",
  ],
  ["struck by another", columns("anomalies"), "values[i] === code ? 1 : 0", "values[i] !== 0 ? 1 : 0"],
  // Expressions: Postgres computes them anew.
  ["a reversed comparison", columns("expression/logic"), '"<": (a, b) => a < b', '"<": (a, b) => a > b'],
  ["at most for less", columns("expression/logic"), '">": (a, b) => a > b', '">": (a, b) => a >= b'],
  [
    "unknown for decided",
    columns("expression/logic"),
    "if (!isDecided && (isUnknownA || isUnknownB))",
    "if (isUnknownA || isUnknownB)",
  ],
  [
    "the last case for the first",
    columns("expression/choose"),
    "while (at < tests.length && (isNull(tests[at], i) || tests[at].values[i] !== 1)) at++;",
    "at = tests.length;",
  ],
  [
    "coalesce takes the first",
    columns("expression/choose"),
    "vectors.findIndex((vector) => !isNull(vector, i))",
    "vectors.findIndex(() => true)",
  ],
  [
    "least for greatest of values",
    columns("expression/choose"),
    'which === "least" ? -1 : 1',
    'which === "least" ? 1 : -1',
  ],
  ["half rounded down", columns("expression/node"), "2 * rest >= divisor", "2 * rest > divisor"],
  ["scales not aligned", columns("expression/node"), "out[i] = from[i] * factor;", "out[i] = from[i];"],
  ["minus for plus", columns("expression/arithmetic"), 'operator === "+" ? 1 : -1', 'operator === "+" ? -1 : 1'],
  ["a day too late", columns("expression/arithmetic"), "Math.floor(us[i] / DAY_US)", "Math.ceil(us[i] / DAY_US)"],
  [
    "combinations drawn again",
    columns("combinations"),
    "out[i] = forward(rowIndexes[i]);",
    "out[i] = forward(rowIndexes[i] >> 1);",
  ],
  ["a place for another", columns("combinations"), "places.slice(0, at)", "places.slice(0, 0)"],
  ["more rows than combinations", columns("combinations"), "if (rowCount > product)", "if (rowCount > 2 * product)"],
  ["always the list's first row", columns("picks"), "out[i] = rowIndexes[i] % size;", "out[i] = 0;"],
  ["digits not cut", columns("lengths"), "Math.floor(out.values[i] / step) * step", "out.values[i]"],
  ["a day in microseconds", columns("kinds/moments"), "Math.floor(values[i] / DAY_US)", "values[i]"],
  ["letters of one place alone", columns("patterns"), "bytes[rest % bytes.length]", "bytes[0]"],
  ["present where the flag is not", columns("conditions"), "nullWhere(flagPath, 0, {", "nullWhere(flagPath, 1, {"],
  ["bytes for characters", columns("expression/texts"), "(bytes[at] & 0xc0) !== 0x80", "bytes[at] >= 0"],
  ["a pair of one row", columns("combinations"), "return number - (later * (later - 1)) / 2;", "return later;"],
  [
    "not another row",
    columns("combinations"),
    "(other(combination) + 1 + digit(combination)) % rows",
    "other(combination)",
  ],
  ["skipped rows combined", columns("combinations"), "digit(combination) + skip", "digit(combination)"],
  ["skipped rows drawn", columns("links"), "if (skip > 0) for (let i = 0; i < count; i++) out[i] += skip;", ""],
  ["the same row as the other link", columns("links"), "(at + 1 + drawn) % rowCount", "(at + drawn) % rowCount"],
  ["owners of none", columns("links"), "if (size === 0 && isRequired)", "if (false)"],
  ["values of earlier rows over again", columns("patterns"), "rowIndexes[i] + rowsBefore", "rowIndexes[i]"],
  ["numbers of earlier rows over again", columns("lists"), "forward(rowIndexes[i] + before)", "forward(rowIndexes[i])"],
  ["draws of earlier rows over again", "src/model/universe.ts", "before === 0 ? entity", "before >= 0 ? entity"],
  ["turns of any sizes", "src/model/file/foreign-keys.ts", "own.times % theirs.times === 0", "true"],
].map(([name, file, from, to]) => ({ name, file, from, to }));

/** What has to notice: laws and comparisons with Postgres, no goldens. */
export const TESTS = [
  "test/unit/columns",
  "test/unit/core",
  "test/unit/model/file",
  "test/property/core.test.ts",
  "test/integration/expressions.test.ts",
  "test/integration/links.test.ts",
];

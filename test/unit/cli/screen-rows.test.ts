import { describe, expect, it } from "vitest";
import { formatRows } from "../../../src/cli/screen/index.js";
import { textWidth } from "../../../src/cli/screen/text.js";

const CLIENTS = {
  columns: ["id", "name", "balance", "note"],
  rows: [
    ["1", "Acme", "-10.50", null],
    ["2", "漢字 Ltd", "7.00", "two\nlines"],
    ["10", "", null, "NULL"],
  ],
};

describe("formatRows", () => {
  it("aligns a table that fits, numbers to the right", () => {
    expect(formatRows(CLIENTS, { columns: 80, color: false })).toMatchInlineSnapshot(`
      "id  name      balance  note
       1  Acme       -10.50  NULL
       2  漢字 Ltd     7.00  two\\nlines
      10               NULL  NULL"
    `);
  });

  it("shows a block a row where the table is too wide, with long values on several lines", () => {
    const rows = CLIENTS.rows.slice(0, 2).map((row) => [...row, `{"a": ${"1234567890".repeat(6)}}`]);
    const table = { columns: [...CLIENTS.columns, "details"], rows };
    expect(formatRows(table, { columns: 40, color: false })).toMatchInlineSnapshot(`
      "-[ 1 ]----------------------------------
      id      | 1
      name    | Acme
      balance | -10.50
      note    | NULL
      details | {"a": 123456789012345678901234
              | 567890123456789012345678901234
              | 567890}
      -[ 2 ]----------------------------------
      id      | 2
      name    | 漢字 Ltd
      balance | 7.00
      note    | two\\nlines
      details | {"a": 123456789012345678901234
              | 567890123456789012345678901234
              | 567890}"
    `);
  });

  it.each([20, 40, 80])("never writes more than %i columns", (columns) => {
    const table = {
      columns: ["id", "a_column_with_a_rather_long_name"],
      rows: [
        ["1", "漢字".repeat(50)],
        ["2", "\u001b".repeat(50)],
      ],
    };
    for (const line of formatRows(table, { columns, color: false }).split("\n")) {
      expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it("lets no control character of the data through", () => {
    const table = { columns: ["a"], rows: [["\u001b]0;title\u0007\u009b2J"]] };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(formatRows(table, { columns: 80, color: false })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it("says that there are no rows", () => {
    expect(formatRows({ columns: ["id", "name"], rows: [] }, { columns: 80, color: false })).toBe(
      "id  name\n(no rows)",
    );
  });
});

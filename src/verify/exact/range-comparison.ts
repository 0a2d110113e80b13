import type { SqlType } from "../../core/sql-type.js";
import { assert } from "../../errors.js";
import { storedColumns } from "../../model/entity.js";
import type { Universe } from "../../model/universe.js";
import { type Comparison, DIFFERENCES_KEPT, type Difference, newComparison } from "./difference.js";
import { ExpectedRows } from "./expected-rows.js";
import { jsonbForm } from "./json-form.js";
import { fieldsOf, idOf, rowEnd, sameField } from "./row-bytes.js";

/** Compares rows that come in ID order with those that the plan says. Kept from range to range. */
export class RangeComparison {
  readonly #expected: ExpectedRows;
  readonly #types: readonly SqlType[];
  readonly #idPlace: number;
  readonly #firstId: number;
  #result: Comparison = newComparison();
  #end = 0;

  /** @param idColumn the column whose values are `firstId + row` */
  constructor(universe: Universe, entityName: string, idColumn: string) {
    const entity = universe.entity(entityName);
    const columns = storedColumns(entity);
    this.#expected = new ExpectedRows(universe, entityName);
    this.#types = columns.map(([, { type }]) => type);
    this.#idPlace = columns.findIndex(([name]) => name === idColumn);
    this.#firstId = entity.firstId;
    assert(this.#idPlace >= 0, `${entityName}.${idColumn} is stored`);
  }

  /** Begins with rows `[start, end)`, counted from 0. */
  open(start: number, end: number): void {
    this.#result = newComparison();
    this.#expected.open(start, end);
    this.#end = end;
  }

  /** Takes the next row that is there. */
  take(found: Buffer): void {
    const result = this.#result;
    const expected = this.#expected;
    result.rows++;
    result.bytes += found.length;
    // Rows tell their own length: equal bytes are one whole row. Node's comparison is as fast as a loop of ours, at
    // 90 bytes a row as at 300.
    const end = expected.at + found.length;
    if (end <= expected.bytesEnd && found.compare(expected.bytes, expected.at, end) === 0) expected.advance(end);
    else this.#meet(found);
  }

  /** Rows that have not come by now are missing. */
  close(): Comparison {
    this.#miss(this.#end);
    return this.#result;
  }

  /** A row that is not, or not there, what is due next. */
  #meet(found: Buffer): void {
    const expected = this.#expected;
    const fields = fieldsOf(found);
    const row = idOf(fields, this.#idPlace) - this.#firstId;
    if (row > expected.row) this.#miss(row);
    if (expected.isDone || row !== expected.row) {
      this.#result.additional++;
      this.#keep(() => ({ kind: "additional", position: row + this.#firstId, found: Uint8Array.from(found) }));
      return;
    }
    const end = rowEnd(expected.bytes, expected.at);
    const due = expected.bytes.subarray(expected.at, end);
    if (!this.#means(fields, fieldsOf(due))) {
      this.#result.differing++;
      this.#keep(() => ({
        kind: "differs",
        position: row + this.#firstId,
        row,
        found: Uint8Array.from(found),
        expected: Uint8Array.from(due),
      }));
    }
    expected.advance(end);
  }

  /** Whether rows hold the same: the same bytes, and for jsonb the same document. */
  #means(found: readonly (Buffer | null)[], due: readonly (Buffer | null)[]): boolean {
    if (found.length !== due.length) return false;
    return due.every((field, place) => {
      const other = found[place];
      if (sameField(field, other)) return true;
      if (this.#types[place].name !== "jsonb" || field === null || other === null) return false;
      // A jsonb's first byte is its version.
      return field[0] === other[0] && jsonbForm(field.toString("utf8", 1)) === other.toString("utf8", 1);
    });
  }

  /** All rows from the one due next up to `row` are missing. */
  #miss(row: number): void {
    const expected = this.#expected;
    const until = Math.min(row, this.#end);
    if (until <= expected.row) return;
    this.#result.missing += until - expected.row;
    while (expected.row < until && this.#result.first.length < DIFFERENCES_KEPT) {
      const end = rowEnd(expected.bytes, expected.at);
      this.#keep(() => ({
        kind: "missing",
        position: expected.row + this.#firstId,
        row: expected.row,
        expected: Uint8Array.from(expected.bytes.subarray(expected.at, end)),
      }));
      expected.advance(end);
    }
    expected.seek(until);
  }

  #keep(difference: () => Difference): void {
    if (this.#result.first.length < DIFFERENCES_KEPT) this.#result.first.push(difference());
  }
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeParquet } from "../../../../functions/security-lake-exporter/parquet/encode.js";
import {
  boolean,
  type Column,
  int32,
  int64,
  string,
  stringMap,
  struct,
} from "../../../../functions/security-lake-exporter/parquet/schema.js";
import { rowsOf } from "./parquet-reading.js";

const RUNS = 100;
const NAMES = ["a", "b", "c", "d"];

/** A column of any kind, lists in lists and structs in structs included. */
function columnNamed(name: string, depth: number): fc.Arbitrary<Column> {
  const leaves = fc.constantFrom<Column>(
    string(name),
    int32(name),
    int64(name),
    boolean(name),
    stringMap(name),
  );
  if (depth === 0) {
    return leaves;
  }
  const structs = columnsOf(depth - 1).map((fields) => struct(name, fields));
  const lists = columnNamed("element", depth - 1).map((element): Column => ({ name, type: "list", element }));
  return fc.oneof({ arbitrary: leaves, weight: 3 }, structs, lists);
}

function columnsOf(depth: number): fc.Arbitrary<Column[]> {
  return fc
    .subarray(NAMES, { minLength: 1 })
    .chain((names) => fc.tuple(...names.map((name) => columnNamed(name, depth))));
}

/** What a record may hold in a column, null included. Few different values, so that dictionaries happen too. */
function contentOf(column: Column): fc.Arbitrary<unknown> {
  const value = (): fc.Arbitrary<unknown> => {
    switch (column.type) {
      case "string":
        return fc.oneof(fc.constantFrom("", "x", "é😀"), fc.string({ unit: "binary", maxLength: 40 }));
      case "int32":
        return fc.oneof(fc.constantFrom(0, 1, 2), fc.integer());
      case "int64":
        return fc.oneof(fc.constantFrom(0, 1_738_354_208_000), fc.maxSafeInteger());
      case "boolean":
        return fc.boolean();
      case "stringMap":
        return fc.dictionary(fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }), fc.string(), {
          maxKeys: 3,
        });
      case "struct":
        return recordOf(column.fields);
      case "list":
        return fc.array(contentOf(column.element), { maxLength: 4 });
    }
  };
  return fc.option(value(), { freq: 4 });
}

function recordOf(columns: readonly Column[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(columns.map((column) => [column.name, contentOf(column)])));
}

/** The value as hyparquet gives it: 64-bit integers as bigint. */
function asRead(value: unknown, column: Column): unknown {
  if (value === null) {
    return null;
  }
  switch (column.type) {
    case "int64":
      return BigInt(value as number);
    case "list":
      return (value as unknown[]).map((item) => asRead(item, column.element));
    case "struct":
      return rowAsRead(value as Record<string, unknown>, column.fields);
    default:
      return value;
  }
}

function rowAsRead(record: Record<string, unknown>, columns: readonly Column[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column.name, asRead(record[column.name], column)]));
}

it(`reads back ${RUNS} random files: any columns, any records`, async () => {
  const files = columnsOf(2).chain((columns) =>
    fc.record({ columns: fc.constant(columns), records: fc.array(recordOf(columns), { maxLength: 60 }) }),
  );

  await fc.assert(
    fc.asyncProperty(files, async ({ columns, records }) => {
      const rows = await rowsOf(encodeParquet(records, columns));

      expect(rows).toEqual(records.map((record) => rowAsRead(record, columns)));
    }),
    { numRuns: RUNS },
  );
});

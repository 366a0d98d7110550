import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileNamed } from "../../functions/security-lake-exporter/ocsf/profiles.js";
import { encodeParquet } from "../../functions/security-lake-exporter/parquet/encode.js";
import { type Column, int64, string } from "../../functions/security-lake-exporter/parquet/schema.js";
import type { ParquetRecord } from "../../functions/security-lake-exporter/parquet/shred.js";
import { chunksOf, pagesOf } from "../functions/security-lake-exporter/parquet/parquet-reading.js";
import { detectionFinding13 } from "./parquet-readers/detection-finding-1.3.js";
import { fetchParquetJava, readWithParquetJava, whyNoParquetJava } from "./parquet-readers/parquet-java.js";
import { securityFinding11 } from "./parquet-readers/security-finding-1.1.js";
import { vectra } from "./parquet-readers/vectra.js";
import { pythonEnvironment } from "./python-environment.js";

/** What a reader makes of a file. */
interface Reading {
  /** In parquet-java's notation. */
  readonly schema: string;
  readonly rows: readonly unknown[];
}
interface Reader {
  readonly name: string;
  readonly prepare: () => Promise<unknown>;
  readonly jsonOf: (file: string) => Promise<string>;
  /** Why it cannot be run on this machine. */
  readonly unavailable?: string | undefined;
}

const withoutParquetJava = await whyNoParquetJava();
if (withoutParquetJava !== undefined) {
  console.error(withoutParquetJava);
}

const readers: readonly Reader[] = [
  { name: "DuckDB", prepare: pythonEnvironment, jsonOf: (file) => readWithPython("duckdb", file) },
  { name: "PyArrow", prepare: pythonEnvironment, jsonOf: (file) => readWithPython("pyarrow", file) },
  {
    name: "parquet-java",
    prepare: fetchParquetJava,
    jsonOf: readWithParquetJava,
    unavailable: withoutParquetJava,
  },
];

async function readWithPython(module: string, file: string): Promise<string> {
  const program = join(import.meta.dirname, "parquet-readers", "read_parquet.py");
  const parameters = [program, module, file];
  const { stdout } = await promisify(execFile)(await pythonEnvironment(), parameters, { maxBuffer: 2 ** 28 });
  return stdout;
}

const LARGE_RECORDS = 1200;
const tables = [vectra, securityFinding11, detectionFinding13].map((declared) => ({
  ...declared,
  records: [
    ...declared.records,
    ...Array.from({ length: LARGE_RECORDS }, (_, number) => declared.large(number)),
  ],
}));
/** One more than fit into a row group. */
const backlog = Array.from({ length: 100_001 }, (_, number) => ({
  severity: ["Low", "Medium", "High", "Critical"][number % 4],
  time: 1_738_354_208_000 + number,
}));
const backlogColumns = [string("severity"), int64("time")];

const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-parquet-"));
afterAll(() => rmSync(directory, { recursive: true }));

function written(records: readonly ParquetRecord[], columns: readonly Column[]): string {
  const file = join(directory, "records.parquet");
  writeFileSync(file, encodeParquet(records, columns));
  return file;
}

function expectRows(actual: readonly unknown[], expected: readonly unknown[]): void {
  expect(actual).toHaveLength(expected.length);
  // The first row that differs: the difference between two long arrays is nothing to read.
  const index = expected.findIndex((row, position) => !isDeepStrictEqual(actual[position], row));
  expect(actual[index], `row ${index}`).toStrictEqual(expected[index]);
  expect(index).toBe(-1);
}

describe.each(readers)("$name reads", ({ prepare, jsonOf, unavailable }) => {
  beforeAll(async () => {
    if (unavailable === undefined) {
      await prepare();
    }
  }, 300_000);

  it.for(tables)("the declared types and every value of $profile", async (table, { skip }) => {
    skip(unavailable !== undefined, unavailable);
    const file = written(table.records, profileNamed(table.profile).columns);

    const { schema, rows } = JSON.parse(await jsonOf(file)) as Reading;

    expect(schema).toBe(table.schema);
    expectRows(rows, table.records);
  });

  it("every value of two row groups", async ({ skip }) => {
    skip(unavailable !== undefined, unavailable);
    const file = written(backlog, backlogColumns);

    const { rows } = JSON.parse(await jsonOf(file)) as Reading;

    expectRows(rows, backlog);
  });
});

describe("what they have read", () => {
  it.each(tables)("has every kind of page: $profile", ({ profile, records, leavesOfSeveralPages }) => {
    const bytes = encodeParquet(records, profileNamed(profile).columns);

    for (const leaf of leavesOfSeveralPages) {
      expect(pagesOf(bytes, leaf).map(({ kind }) => kind)).toEqual(["data", "data"]);
    }
    expect(pagesOf(bytes, "type_uid").map(({ kind }) => kind)).toEqual(["dictionary", "data"]);
    // Headers of data pages of version 2 say how many rows there are; those of version 1 do not.
    expect(pagesOf(bytes, "time")).toMatchObject([{ kind: "data", rows: records.length }]);
  });

  it("has two row groups", () => {
    expect(chunksOf(encodeParquet(backlog, backlogColumns), "time")).toHaveLength(2);
  });
});

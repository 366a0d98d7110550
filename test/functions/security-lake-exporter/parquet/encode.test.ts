import { zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { vectraProfile } from "../../../../functions/security-lake-exporter/ocsf/vectra.js";
import { encodeParquet } from "../../../../functions/security-lake-exporter/parquet/encode.js";
import { string, struct } from "../../../../functions/security-lake-exporter/parquet/schema.js";
import { anEnrichedEvent } from "../events.js";

const TENANT = { tenantUrl: "https://123123123123.uw2.portal.vectra.ai" };
const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

describe("Parquet of the default profile", () => {
  const record = vectraProfile.map(anEnrichedEvent(), TENANT);
  const file = bufferOf(encodeParquet([record, record], vectraProfile.columns));

  it("declares the columns as Security Lake's samples have them", () => {
    const schema = parquetMetadata(file).schema.map(({ name, type, converted_type, num_children }) =>
      [name, type, converted_type, num_children].filter((part) => part !== undefined).join(" "),
    );

    expect(schema).toEqual([
      "schema 16",
      "activity BYTE_ARRAY UTF8",
      "activity_id INT32",
      "category_name BYTE_ARRAY UTF8",
      "category_uid INT32",
      "class_name BYTE_ARRAY UTF8",
      "class_uid INT32",
      "finding 4",
      "title BYTE_ARRAY UTF8",
      "src_url BYTE_ARRAY UTF8",
      "uid BYTE_ARRAY UTF8",
      "supporting_data BYTE_ARRAY UTF8",
      "message BYTE_ARRAY UTF8",
      "metadata 2",
      "version BYTE_ARRAY UTF8",
      "product 4",
      "lang BYTE_ARRAY UTF8",
      "name BYTE_ARRAY UTF8",
      "uid BYTE_ARRAY UTF8",
      "vendor_name BYTE_ARRAY UTF8",
      "severity BYTE_ARRAY UTF8",
      "severity_id INT32",
      "state_id INT32",
      "status_detail BYTE_ARRAY UTF8",
      "time INT64",
      "type_name BYTE_ARRAY UTF8",
      "type_uid INT32",
    ]);
  });

  it("reads back as it was written, compressed with ZSTD", async () => {
    const rows = await parquetReadObjects({ file, compressors });

    const expected = { ...record, time: 1738354208000n };
    expect(rows).toEqual([expected, expected]);
    const codecs = parquetMetadata(file).row_groups.flatMap(({ columns }) =>
      columns.map(({ meta_data }) => meta_data?.codec),
    );
    expect(new Set(codecs)).toEqual(new Set(["ZSTD"]));
  });

  it("keeps an ordinary window in one row group", () => {
    const many = Array.from({ length: 30_000 }, (_, index) =>
      vectraProfile.map(anEnrichedEvent({ entity_id: index }), TENANT),
    );

    const metadata = parquetMetadata(bufferOf(encodeParquet(many, vectraProfile.columns)));

    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([30_000n]);
    expect(metadata.num_rows).toBe(30_000n);
  });
});

it("stores a missing struct as null, never as a struct of nulls", async () => {
  const columns = [struct("cloud", [string("region")])];

  const file = bufferOf(
    encodeParquet(
      [
        { time: 0, cloud: null },
        { time: 0, cloud: { region: null } },
      ],
      columns,
    ),
  );

  const rows = await parquetReadObjects({ file, compressors });
  expect(rows.map((row) => row["cloud"] ?? null)).toEqual([null, { region: null }]);
});

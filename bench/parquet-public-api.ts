import { zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { schemaElements } from "../functions/security-lake-exporter/parquet/file-schema.js";
import type { Encoder } from "./parquet-window.js";

/** The same file, made by hyparquet-writer's public API from nested values. */
export const encodeWithPublicApi: Encoder = (records, columns) =>
  new Uint8Array(
    parquetWriteBuffer({
      schema: schemaElements(columns),
      columnData: columns.map(({ name, type }) => ({
        name,
        // 64-bit integers are bigint to it; the profile has them at the top level only.
        data: records.map((record) => (type === "int64" ? BigInt(record[name] as number) : record[name])),
      })),
      codec: "ZSTD",
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      pageSize: 1_000_000,
    }),
  );

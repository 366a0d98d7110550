import { zstdDecompressSync } from "node:zlib";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";

/** The rows of a file as hyparquet reads them, with null for what is absent at any depth. */
export async function rowsOf(file: Uint8Array): Promise<unknown[]> {
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };
  const rows = await parquetReadObjects({ file: bufferOf(file), compressors });
  return rows.map(nullForUndefined);
}

export function metadataOf(file: Uint8Array): FileMetaData {
  return parquetMetadata(bufferOf(file));
}

/** A page as its own header describes it. */
export interface Page {
  readonly kind: "dictionary" | "data";
  readonly uncompressedBytes: number;
  /** Of a data page. */
  readonly rows: number;
}

/** The pages of a leaf, `path` being its name with dots, through all row groups. */
export function pagesOf(file: Uint8Array, path: string): Page[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return chunksOf(file, path).flatMap(
    ({ dictionary_page_offset, data_page_offset, total_compressed_size }) => {
      const pages: Page[] = [];
      const start = Number(dictionary_page_offset ?? data_page_offset);
      const reader = { view, offset: start };
      while (reader.offset < start + Number(total_compressed_size)) {
        // Fields of PageHeader in parquet.thrift: 2 and 3 are the sizes, 7 a dictionary's header, 8 a data page's.
        const header = deserializeTCompactProtocol(reader);
        pages.push({
          kind: header["field_7"] === undefined ? "data" : "dictionary",
          uncompressedBytes: header["field_2"],
          rows: header["field_8"]?.["field_3"] ?? 0,
        });
        reader.offset += header["field_3"];
      }
      return pages;
    },
  );
}

/** What the footer says of a leaf, for each row group. */
export function chunksOf(file: Uint8Array, path: string) {
  return metadataOf(file)
    .row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data))
    .filter((chunk) => chunk !== undefined)
    .filter(({ path_in_schema }) => path_in_schema.join(".") === path);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function nullForUndefined(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(nullForUndefined);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, content]) => [name, nullForUndefined(content)]),
    );
  }
  return value ?? null;
}

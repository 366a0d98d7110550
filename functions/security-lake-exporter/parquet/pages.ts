import { zstdCompressSync } from "node:zlib";
import type { PageHeader } from "hyparquet";
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import type { Leaf } from "./leaf.js";
import type { EncodedValues } from "./plain.js";

/** Uncompressed bytes of one page: Security Lake's limit is 1 MB. */
export const PAGE_BYTES = 1_000_000;
/** Bodies this short do not get shorter, and each call of zstd takes 20 µs. */
const WORTH_COMPRESSING = 64;

/** A run of slots, and of the values in them, that makes one page. It begins and ends with whole records. */
export interface PageSpan {
  readonly fromSlot: number;
  readonly toSlot: number;
  readonly fromValue: number;
  readonly toValue: number;
  readonly rows: number;
}

/**
 * Cuts a leaf into pages of at most {@link PAGE_BYTES}. Only a single record that is larger than a page makes a
 * larger page, because in Parquet no record continues on the next page.
 *
 * @param rows number of records that the leaf was taken from.
 */
export function cutIntoPages(
  { place, values, levels }: Leaf,
  encoded: EncodedValues,
  rows: number,
): PageSpan[] {
  const slots = levels.definition.length;
  const whole = { fromSlot: 0, toSlot: slots, fromValue: 0, toValue: values.length, rows };
  if (fits(whole, encoded)) {
    return [whole];
  }
  const pages: PageSpan[] = [];
  const page = { fromSlot: 0, toSlot: 0, fromValue: 0, toValue: 0, rows: 0 };
  while (page.toSlot < slots) {
    const { toSlot, toValue } = page;
    do {
      page.toValue += levels.definition[page.toSlot] === place.definition ? 1 : 0;
      page.toSlot += 1;
    } while ((levels.repetition[page.toSlot] ?? 0) > 0);
    page.rows += 1;
    if (page.rows > 1 && !fits(page, encoded)) {
      pages.push({ ...page, toSlot, toValue, rows: page.rows - 1 });
      page.fromSlot = toSlot;
      page.fromValue = toValue;
      page.rows = 1;
    }
  }
  return [...pages, page];
}

function fits({ fromSlot, toSlot, fromValue, toValue }: PageSpan, encoded: EncodedValues): boolean {
  // Levels take less than a byte for each slot.
  return encoded.size(fromValue, toValue) + toSlot - fromSlot <= PAGE_BYTES;
}

/** Writes a page of dictionary entries. @returns its uncompressed bytes, header included. */
export function writeDictionaryPage(file: ByteWriter, entries: Uint8Array, count: number): number {
  const compressed = compress(entries);
  return writePage(file, [compressed], {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: entries.length,
    compressed_page_size: compressed.length,
    dictionary_page_header: { num_values: count, encoding: "PLAIN" },
  });
}

/**
 * Writes a data page of version 2, whose levels stay uncompressed in front of the body.
 *
 * @returns its uncompressed bytes, header included.
 */
export function writeDataPage(
  file: ByteWriter,
  { place, levels }: Leaf,
  { fromSlot, toSlot, fromValue, toValue, rows }: PageSpan,
  { encoding, body }: { readonly encoding: "PLAIN" | "RLE_DICTIONARY"; readonly body: Uint8Array },
): number {
  const repetitionLevels = runLengths(levels.repetition.subarray(fromSlot, toSlot), place.repetition);
  const definitionLevels = runLengths(levels.definition.subarray(fromSlot, toSlot), place.definition);
  const levelBytes = repetitionLevels.length + definitionLevels.length;
  const compressed = body.length < WORTH_COMPRESSING ? body : compress(body);
  const isCompressed = compressed.length < body.length;
  const stored = isCompressed ? compressed : body;
  const slots = toSlot - fromSlot;
  return writePage(file, [repetitionLevels, definitionLevels, stored], {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: levelBytes + body.length,
    compressed_page_size: levelBytes + stored.length,
    data_page_header_v2: {
      num_values: slots,
      num_nulls: slots - (toValue - fromValue),
      num_rows: rows,
      encoding,
      definition_levels_byte_length: definitionLevels.length,
      repetition_levels_byte_length: repetitionLevels.length,
      is_compressed: isCompressed,
    },
  });
}

function compress(bytes: Uint8Array): Uint8Array {
  // Room for the whole result at once: by default Node joins it from pieces of 16 kB.
  return zstdCompressSync(bytes, { chunkSize: Math.max(1024, bytes.length >> 2) });
}

function runLengths(levels: Uint8Array, highest: number): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, levels, 32 - Math.clz32(highest));
  return writer.getBytes();
}

function writePage(file: ByteWriter, parts: readonly Uint8Array[], header: PageHeader): number {
  const start = file.offset;
  writePageHeader(file, header);
  const headerBytes = file.offset - start;
  for (const part of parts) {
    file.appendBytes(part);
  }
  return headerBytes + header.uncompressed_page_size;
}

import type { ColumnChunk } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { given } from "../../../facts/given.js";
import { dictionaryIndexes, dictionaryOf } from "./dictionary.js";
import { PHYSICAL } from "./file-schema.js";
import type { Leaf } from "./leaf.js";
import { cutIntoPages, PAGE_BYTES, writeDataPage, writeDictionaryPage } from "./pages.js";
import { plain } from "./plain.js";
import { type EncodedEntries, statisticsOf } from "./statistics.js";

/**
 * Writes one leaf of a row group: a dictionary page where a dictionary is worth it, then data pages.
 *
 * @returns the footer's entry for it.
 * @param rows records that the leaf was taken from.
 */
export function writeColumnChunk(file: ByteWriter, leaf: Leaf, rows: number): ColumnChunk {
  const start = file.offset;
  let uncompressedBytes = 0;

  const dictionary = usableDictionary(leaf);
  if (dictionary !== undefined) {
    const { entries, encoded } = dictionary;
    uncompressedBytes += writeDictionaryPage(file, encoded.body(0, entries.length), entries.length);
  }
  const encoding = dictionary === undefined ? "PLAIN" : "RLE_DICTIONARY";
  const encoded = dictionary === undefined ? plain(leaf, leaf.values) : dictionaryIndexes(dictionary);

  const firstDataPage = file.offset;
  const pages = cutIntoPages(leaf, encoded, rows);
  for (const page of pages) {
    const body = encoded.body(page.fromValue, page.toValue);
    uncompressedBytes += writeDataPage(file, leaf, page, { encoding, body });
  }

  return {
    file_offset: BigInt(start),
    meta_data: {
      type: PHYSICAL[leaf.type].type,
      encodings: dictionary === undefined ? ["RLE", "PLAIN"] : ["RLE", "PLAIN", "RLE_DICTIONARY"],
      path_in_schema: [...leaf.place.path],
      codec: "ZSTD",
      num_values: BigInt(leaf.levels.definition.length),
      total_uncompressed_size: BigInt(uncompressedBytes),
      total_compressed_size: BigInt(file.offset - start),
      data_page_offset: BigInt(firstDataPage),
      ...given({ dictionary_page_offset: dictionary === undefined ? undefined : BigInt(start) }),
      statistics: statisticsOf(leaf, dictionary),
    },
  };
}

/** The dictionary of the values with its entries encoded; undefined where it is not worth it or does not fit its page. */
function usableDictionary(leaf: Leaf): (EncodedEntries & { readonly indexes: Uint32Array }) | undefined {
  // A bit each is less than any index takes.
  const dictionary = leaf.type === "boolean" ? undefined : dictionaryOf(leaf.values);
  if (dictionary === undefined) {
    return undefined;
  }
  const encoded = plain(leaf, dictionary.entries);
  return encoded.size(0, dictionary.entries.length) > PAGE_BYTES ? undefined : { ...dictionary, encoded };
}

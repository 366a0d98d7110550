import type { ParquetRecord } from "../../../functions/security-lake-exporter/parquet/shred.js";

/**
 * What a profile's Parquet files declare and hold, written by hand for readers to be compared with. Records leave
 * out attributes that are null, at every depth.
 */
export interface DeclaredTable {
  readonly profile: string;
  /** The file's schema in parquet-java's notation: physical type, then annotation. */
  readonly schema: string;
  readonly records: readonly ParquetRecord[];
  /** A record of the many that fill several pages; each number makes another one. */
  readonly large: (number: number) => ParquetRecord;
  /** Leaves that a thousand large records give several pages, by their names with dots. */
  readonly leavesOfSeveralPages: readonly string[];
}

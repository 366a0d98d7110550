import { zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";
import { objectKey } from "../../../facts/object-names.js";
import type { LakeObject, LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";

/** A lake in memory, whose objects can be compared with what they were. */
export class MemoryLake implements LakeStore {
  readonly location: string;
  /** By key. */
  readonly objects = new Map<string, Uint8Array>();

  /** @param name bucket and prefix. */
  constructor(name: string) {
    this.location = `s3://${name}/region=eu-west-1/`;
  }

  async put(object: LakeObject): Promise<string> {
    const key = objectKey({ region: "eu-west-1", ...object });
    this.objects.set(key, Uint8Array.from(object.body));
    return key;
  }

  /** Every record, with the key of its object, read back. */
  async rows(): Promise<readonly { readonly key: string; readonly row: Record<string, unknown> }[]> {
    const found = [];
    for (const [key, bytes] of this.objects) {
      const rows = await parquetReadObjects({
        file: Uint8Array.from(bytes).buffer,
        compressors: { ZSTD: (page) => zstdDecompressSync(page) },
      });
      found.push(...rows.map((row) => ({ key, row })));
    }
    return found;
  }
}

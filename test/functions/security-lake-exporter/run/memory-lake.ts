import type { LakeObject, LakeStore } from "../../../../functions/security-lake-exporter/lake/lake-store.js";
import { rowsOf } from "../parquet/parquet-reading.js";

/** A record of profile `vectra`, reduced to what tests ask for. */
interface WrittenRecord {
  readonly account: string;
  readonly time: number;
  readonly direction: string;
}

/** A lake in memory: an object that is put again replaces the one of its name. */
export class MemoryLake implements LakeStore {
  location = "memory";
  readonly objects = new Map<string, LakeObject>();
  /** Asked before each put; what it throws is thrown. */
  onPut: () => void = () => undefined;

  async put(object: LakeObject): Promise<string> {
    this.onPut();
    const key = `${object.accountId}/${object.eventDay}/${object.name}`;
    this.objects.set(key, object);
    return key;
  }

  /** Keys of the objects, in the order of their first put. */
  get keys(): readonly string[] {
    return [...this.objects.keys()];
  }

  /** All records, by object. */
  async records(): Promise<readonly WrittenRecord[]> {
    const rows = await Promise.all([...this.objects.values()].map(({ body }) => rowsOf(body)));
    return (rows.flat() as Row[]).map(({ finding, time, status_detail }) => ({
      account: finding.uid,
      time: Number(time),
      direction: status_detail,
    }));
  }
}

interface Row {
  readonly finding: { readonly uid: string };
  readonly time: bigint;
  readonly status_detail: string;
}

/** An object of the lake, before it is written. */
export interface LakeObject {
  /** 12-digit AWS account of the partition. */
  readonly accountId: string;
  /** UTC day of the partition, `YYYYMMDD`. */
  readonly eventDay: string;
  /** Name of the object; the same name is the same object, and writing it again replaces it. */
  readonly name: string;
  readonly body: Uint8Array;
}

/** A place for objects. */
export interface LakeStore {
  /** Writes one object, all of it or nothing, in place of an earlier one of the same name. @returns its key. */
  put(object: LakeObject): Promise<string>;
}

/** Key of an object, below the prefix of the custom source: Security Lake's partitions, then the name. */
export function partitionedKey(region: string, { accountId, eventDay, name }: LakeObject): string {
  return `region=${region}/accountId=${accountId}/eventDay=${eventDay}/${name}`;
}

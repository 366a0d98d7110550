import type { ObjectPlace } from "../../../facts/object-names.js";

/** An object of the lake, before it is written. Writing another one of the same name and partition replaces it. */
export interface LakeObject extends Omit<ObjectPlace, "region"> {
  readonly body: Uint8Array;
}

/** Where objects are written. */
export interface LakeStore {
  /** Where that is: a bucket and a prefix, or what stands for a folder. What was prepared for one place is written to no other. */
  readonly location: string;
  /** Writes one object atomically, replacing an earlier one of the same name. @returns its key. */
  put(object: LakeObject): Promise<string>;
}

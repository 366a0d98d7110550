import type { ObjectPlace } from "../../../facts/object-names.js";

/** An object of the lake, before it is written. Writing another one of the same name and partition replaces it. */
export interface LakeObject extends Omit<ObjectPlace, "region"> {
  readonly body: Uint8Array;
}

/** Where objects are written. */
export interface LakeStore {
  /** Writes one object atomically, replacing an earlier one of the same name. @returns its key. */
  put(object: LakeObject): Promise<string>;
}

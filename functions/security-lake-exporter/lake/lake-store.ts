import type { ObjectPlace } from "../../../facts/object-names.js";

/** An object of the lake, before it is written. Writing another one of the same name and partition replaces it. */
export interface LakeObject extends Omit<ObjectPlace, "region"> {
  readonly body: Uint8Array;
}

/** A place for objects. */
export interface LakeStore {
  /** Writes one object, all of it or nothing, in place of an earlier one of the same name. @returns its key. */
  put(object: LakeObject): Promise<string>;
}

import type { LakeObject } from "../lake/lake-store.js";
import type { Intent } from "../state/checkpoint-state.js";
import type { WindowKeys } from "../state/recent-events.js";
import type { DependentChange } from "../state/state-table.js";
import type { ExportedCounts } from "./exported-counts.js";

/** An object that is ready to be written. */
export interface PreparedObject extends LakeObject {
  readonly events: number;
}

/** Everything that a run has to write for a window, or a redrive: it depends on nothing that could change meanwhile. */
export interface Work {
  readonly kind: Intent["kind"];
  /** Cursors; a redrive leaves the cursor where it is. */
  readonly from: number;
  readonly to: number;
  readonly objects: readonly PreparedObject[];
  /** What is added to the quarantine and removed from it. */
  readonly quarantine: readonly DependentChange[];
  /** The last score of each account, 0 to 100, by entity id. */
  readonly scores: readonly (readonly [number, number])[];
  /** Sequence number of the window, and the keys of its events. */
  readonly keys: WindowKeys;
  /** Time of the newest event that is not in quarantine, in milliseconds since the epoch. */
  readonly newestEventTime: number | null;
  readonly counts: ExportedCounts;
}

/** Maximum size of a window's work. What is larger is prepared again with fewer events, if the tenant gives fewer. */
export const MAX_WORK_BYTES = 4_000_000;

const LENGTH_BYTES = 4;

/** JSON of everything but the objects' bytes, its length before it, and the bytes after it. */
export function bytesOf({ objects, ...others }: Work): Uint8Array {
  const listed = objects.map(({ body, ...object }) => ({ ...object, bytes: body.byteLength }));
  const json = Buffer.from(JSON.stringify({ ...others, objects: listed }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.byteLength);
  return Buffer.concat([length, json, ...objects.map(({ body }) => body)]);
}

/** What {@link bytesOf} was given. */
export function workOf(bytes: Uint8Array): Work {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = LENGTH_BYTES + buffer.readUInt32BE();
  const { objects, ...others } = JSON.parse(buffer.toString("utf8", LENGTH_BYTES, start)) as Omit<
    Work,
    "objects"
  > & {
    objects: readonly (Omit<PreparedObject, "body"> & { readonly bytes: number })[];
  };
  const prepared = objects.map(({ bytes: size, ...object }) => {
    const body = buffer.subarray(start, start + size);
    start += size;
    return { ...object, body };
  });
  return { ...others, objects: prepared };
}

import type {
  CheckpointState,
  Intent,
} from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";

/** The log of the tenant. */
export const LOG = { api: "v3.4", origin: "https://tenant.example" };

/** The intent of a window from cursor 100 to 200. */
export const INTENT: Intent = {
  kind: "live",
  from: 100,
  to: 200,
  events: 3,
  run: "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
  pieces: 1,
  digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  location: "s3://lake/ext/vectra-cdr/",
  eventClass: "vectra",
};

/** Neither an overlap of two versions of the API, nor a window that is to be written again. */
export const NO_BOUNDS: Pick<CheckpointState, "overlap" | "redoTo"> = {
  overlap: undefined,
  redoTo: undefined,
};

/** A move of the cursor by hand, from behind that window. */
export const MOVE = {
  at: "2026-02-01T12:00:00.000Z",
  by: "operator",
  reason: "the tenant was restored",
  from: 200,
  to: 500,
};

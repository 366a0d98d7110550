/** Lag above which an alarm goes off, in seconds, unless it is set: as long as a run may be missing before an alarm says so. */
export const LAG_THRESHOLD_SECONDS = 1800;

/** Windows that a backfill exports at once unless it is set. */
export const BACKFILL_MAX_CONCURRENCY = 4;

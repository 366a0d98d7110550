import type { Intent } from "../../../../functions/security-lake-exporter/state/checkpoint.js";

/** The intent of a window from cursor 100 to 200. */
export const INTENT: Intent = {
  from: 100,
  to: 200,
  events: 3,
  lastEventId: 180,
  settings: {
    includeScoreDecreases: true,
    profile: "vectra",
    rawData: false,
    filters: { accounts: "aws", prioritizedOnly: false },
    partitionAccountId: "333333333333",
    partitionBy: "fixed",
  },
};

/** A move of the cursor by hand, from behind that window. */
export const MOVE = {
  at: "2026-02-01T12:00:00.000Z",
  by: "operator",
  reason: "the tenant was restored",
  from: 200,
  to: 500,
};

import type { Constraint } from "./constraint.js";

/** CloudTrail counts calls for Insights among the events that the trail records. */
export const insightsHaveEvents: Constraint = function* ({ cloudTrail }) {
  const { insights, events } = cloudTrail?.trail?.create ?? {};
  const index = insights?.indexOf("ApiCallRateInsight") ?? -1;
  if (index >= 0 && events?.managementEvents === "read") {
    yield {
      path: ["cloudTrail", "trail", "create", "insights", index],
      problem: "ApiCallRateInsight counts write events, and managementEvents: read records none",
      allowed: "ApiCallRateInsight with managementEvents: all or write",
      remedy: "Record all management events, which Vectra needs too, or leave this insight out.",
    };
  }
};

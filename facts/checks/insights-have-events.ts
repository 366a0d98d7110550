import { type Check, given } from "./check.js";

/**
 * CloudTrail counts calls for Insights among the management events that the trail records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
 */
export const insightsHaveEvents: Check<{ insights: readonly string[]; managementEvents: string }> = (
  values,
  name,
) => {
  const index = values.insights.findIndex((insight) => given(insight) === "ApiCallRateInsight");
  if (index < 0 || given(values.managementEvents) !== "read") {
    return [];
  }
  return [
    {
      key: "insights",
      index,
      problem: `ApiCallRateInsight analyzes write events, and ${name("managementEvents")}: read records none`,
      allowed: `ApiCallRateInsight with ${name("managementEvents")}: all or write`,
      remedy: "Record all management events, which Vectra needs too, or omit this insight.",
    },
  ];
};

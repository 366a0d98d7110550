import { type Check, given } from "./check.js";

/** Access logs that are written to the bucket itself are accesses, and cause more access logs. */
export const accessLogsElsewhere: Check<{ accessLogsBucketName: string; logBucketName: string }> = (
  values,
) => {
  const target = given(values.accessLogsBucketName);
  if (target === undefined || target !== given(values.logBucketName)) {
    return [];
  }
  return [
    {
      key: "accessLogsBucketName",
      problem: "must not be the log bucket itself, where every access log would cause another",
      allowed: "another bucket in the same account and region",
      remedy: "Use another bucket for access logs, or omit them.",
    },
  ];
};

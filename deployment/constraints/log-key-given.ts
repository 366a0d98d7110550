import type { Constraint } from "./constraint.js";

/** The deployment encrypts what it creates with the log key. */
export const logKeyGiven: Constraint = function* ({ cloudTrail }) {
  if (cloudTrail === undefined || "logKey" in cloudTrail) {
    return;
  }
  const encrypted = [
    ...(cloudTrail.logBucket?.create === undefined ? [] : ["log bucket"]),
    ...(cloudTrail.topic?.create === undefined ? [] : ["topic"]),
  ];
  if (encrypted.length > 0) {
    yield {
      path: ["cloudTrail", "logKey"],
      problem: `is required: it encrypts the new ${encrypted.join(" and ")}`,
      allowed: "exactly one of create, existing",
      remedy: "Add logKey: { create: {} }, or use a key of yours: logKey: { existing: { arn: … } }.",
    };
  }
};

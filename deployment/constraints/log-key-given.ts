import type { Constraint } from "./constraint.js";

/** What this deployment encrypts it encrypts with the log key. */
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
      problem: `is missing: the new ${encrypted.join(" and ")} must be encrypted with a customer key`,
      allowed: "exactly one of create, existing",
      remedy: "Write logKey: { create: {} }, or name a key of yours: logKey: { existing: { arn: … } }.",
    };
  }
};

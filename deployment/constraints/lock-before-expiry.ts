import { EXPIRE_AFTER_DAYS } from "../../facts/options/log-bucket.js";
import type { Constraint } from "./constraint.js";

/** A locked log file does not expire; the lifecycle would say one thing and the lock another. */
export const lockBeforeExpiry: Constraint = function* ({ cloudTrail }) {
  const bucket = cloudTrail?.logBucket?.create;
  const lock = bucket?.objectLock?.days;
  const expiry = bucket?.expireAfterDays ?? EXPIRE_AFTER_DAYS;
  if (lock !== undefined && lock > expiry) {
    yield {
      path: ["cloudTrail", "logBucket", "create", "objectLock", "days"],
      problem: `${lock} days of lock outlast the log files, which expire after ${expiry} days`,
      allowed: `at most expireAfterDays (${expiry})`,
      remedy: "Lower objectLock.days or raise expireAfterDays.",
    };
  }
};

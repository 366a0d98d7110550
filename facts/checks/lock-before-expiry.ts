import { LOG_BUCKET_OPTIONS } from "../options/log-bucket.js";
import { type Check, effective, given } from "./check.js";

/** S3 does not expire a locked log file: lifecycle and lock would contradict each other. */
export const lockBeforeExpiry: Check<{ lockDays: number; expireAfterDays: number }> = (values, name) => {
  const lock = given(values.lockDays);
  const expiry = effective(values.expireAfterDays, LOG_BUCKET_OPTIONS.expireAfterDays.default);
  if (lock === undefined || expiry === undefined || lock <= expiry) {
    return [];
  }
  return [
    {
      key: "lockDays",
      problem: `logs would be locked (${lock} days) for longer than they are kept (${expiry} days)`,
      allowed: `at most ${name("expireAfterDays")} (${expiry})`,
      remedy: `Lower ${name("lockDays")} or raise ${name("expireAfterDays")}.`,
    },
  ];
};

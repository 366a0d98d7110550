import { type Check, given } from "./check.js";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
const MAX_ENTRIES = 100;

/** S3 tells log files from digest files only below an account's folder, so every account takes one entry. */
export const notificationEntries: Check<{ accountCount: number; otherEntryCount: number }> = (values) => {
  const accounts = given(values.accountCount);
  const others =
    values.otherEntryCount.state === "unknown" ? undefined : (given(values.otherEntryCount) ?? 0);
  if (accounts === undefined || others === undefined || accounts + others <= MAX_ENTRIES) {
    return [];
  }
  const beside = others === 0 ? "" : `, in addition to ${others} of the bucket's owner`;
  return [
    {
      key: "accountCount",
      problem: `needs ${accounts} entries in the bucket's notification configuration (one for each account)${beside}; S3 allows ${MAX_ENTRIES}`,
      remedy: "Let the trail notify the topic instead, which needs no entries.",
    },
  ];
};

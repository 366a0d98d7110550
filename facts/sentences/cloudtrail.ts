import type { LOG_BUCKET_OPTIONS, OBJECT_LOCK_OPTIONS } from "../options/log-bucket.js";
import type { EVENT_OPTIONS, TRAIL_LOG_GROUP_OPTIONS, TRAIL_OPTIONS } from "../options/trail.js";
import type { VECTRA_ROLE_OPTIONS } from "../options/vectra-role.js";
import type { SentencesOf } from "./sentences.js";

export const LOG_BUCKET_SENTENCES: SentencesOf<typeof LOG_BUCKET_OPTIONS> = {
  bucketName: { description: "Name of the bucket. Default: <deployment>-logs-<account>-<region>." },
  keyPrefix: { description: "Folder in front of AWSLogs/. Default: none." },
  transitionToGlacierAfterDays: {
    description: "Days until a log file moves to Glacier.",
  },
  expireAfterDays: { description: "Days until a log file is deleted." },
  noncurrentExpireAfterDays: {
    description: "Days until a replaced or deleted version of an object is permanently deleted.",
  },
};

export const OBJECT_LOCK_SENTENCES: SentencesOf<typeof OBJECT_LOCK_OPTIONS> = {
  mode: {
    description:
      "GOVERNANCE: only principals with the right to bypass it can delete a log file. COMPLIANCE: no principal can.",
  },
  days: {
    description: "Days for which a log file is locked.",
    remedy: "S3 locks objects for at most 100 years.",
  },
};

export const TRAIL_SENTENCES: SentencesOf<typeof TRAIL_OPTIONS> = {
  trailName: { description: "Name of the trail. Default: the deployment's name." },
  multiRegion: { description: "Record every region, not only the home region." },
};

export const EVENT_SENTENCES: SentencesOf<typeof EVENT_OPTIONS> = {
  managementEvents: {
    description: "Management events: all, or only those that write or read. Vectra needs all.",
  },
  excludeKmsEvents: {
    description:
      "Exclude AWS KMS events: Vectra does not need them, and they are high-volume. Security Hub CloudTrail.1 and CIS 3.1 " +
      "then fail.",
  },
  excludeRdsDataApiEvents: {
    description: "Exclude events of the RDS Data API, which are high-volume where it is used.",
  },
  s3DataEventAccess: {
    description: "Reads and writes (all), or only writes (write), which are far fewer.",
  },
};

export const TRAIL_LOG_GROUP_SENTENCES: SentencesOf<typeof TRAIL_LOG_GROUP_OPTIONS> = {
  logGroupName: { description: "Name of the log group. Default: /aws/cloudtrail/<trail>." },
  roleName: { description: "Name of the role. Default: <deployment>-cloudwatch-logs." },
  retentionDays: {
    description: "Days that CloudWatch keeps the events.",
    remedy: "Use the next higher value.",
  },
};

export const VECTRA_ROLE_SENTENCES: SentencesOf<typeof VECTRA_ROLE_OPTIONS> = {
  iamContext: { description: "Let Vectra read IAM and Organizations names for context (read-only)." },
  readDigests: {
    description: "Also let Vectra read digest files, which are needed only to validate log files.",
  },
  readInsights: { description: "Also let Vectra read Insights events." },
  listLogsOnly: {
    description:
      "Limit listing to keys below the log prefix. A listing without a prefix, and HeadBucket, are then denied.",
  },
  maxSessionDuration: {
    description: "Longest session, in seconds.",
    remedy: "AWS allows sessions from one hour to twelve.",
  },
};

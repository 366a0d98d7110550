import {
  type ATHENA_OPTIONS,
  type BACKFILL_OPTIONS,
  type EXPORTER_OPTIONS,
  LAG_MARGIN_SECONDS,
} from "../options/exporter.js";
import type { SentencesOf } from "./sentences.js";

export const EXPORTER_SENTENCES: SentencesOf<typeof EXPORTER_OPTIONS> = {
  name: { description: "Name of the function and prefix of every other name." },
  schedule: { description: "How often each tenant is queried." },
  memorySize: {
    description: "Megabytes of memory; processing power is in proportion to it.",
    remedy:
      "Lambda gives processing power in proportion to memory; with less than the default a start takes noticeably longer.",
  },
  timeoutSeconds: {
    description: "Maximum duration of a run, in seconds. The next run continues with the rest.",
    remedy: "A run starts no window in its last 30 seconds, and Lambda ends it after 15 minutes.",
  },
  architecture: { description: "Processor of the function." },
  logLevel: {
    description: "The lowest level that is logged. Metrics are written at every level.",
  },
  logRetentionDays: {
    description: "Days that the function's logs are kept.",
    remedy: "Use the next higher value.",
  },
  reservedConcurrentExecutions: {
    description:
      "Reserved concurrency: guaranteed runs at once, and also the maximum. Default: none; AWS keeps 100 of an account's " +
      "runs unreserved, so small accounts cannot reserve any.",
    remedy: "Omit it, or reserve one for each tenant; an account keeps 100 unreserved.",
  },
  rolePath: { description: "IAM path of the exporter's roles. Default: /." },
  permissionsBoundary: { description: "Permissions boundary of the exporter's roles." },
  tracing: { description: "Trace the runs with X-Ray, free up to 100,000 a month." },
  kmsKeyArn: {
    description:
      "Customer key, in the region of the lake, for table, secrets, queue, logs and environment. Its policy must let " +
      "CloudWatch Logs use it; npm run synth prints the statement. Default: AWS's own keys.",
  },
  lagThresholdSeconds: {
    description: "Lag in seconds above which an alarm goes off: how far behind a tenant its export may be.",
    remedy: `Below two ticks of the schedule (${LAG_MARGIN_SECONDS} seconds) the alarm goes off in normal operation.`,
  },
  dashboard: {
    description: "Create a CloudWatch dashboard, about 3 USD a month after an account's first three.",
  },
  savedQueries: {
    description: "Save queries for CloudWatch Logs Insights: free to keep, about 0.005 USD per GB to run.",
  },
  deletionProtection: { description: "Let DynamoDB refuse to delete the checkpoint table." },
};

export const ATHENA_SENTENCES: SentencesOf<typeof ATHENA_OPTIONS> = {
  workgroup: { description: "Athena workgroup that the queries are saved in; it must exist." },
  cloudTrailTable: {
    description:
      "CloudTrail's own table in the lake, source version 2, for the query that joins it with findings (strict profiles " +
      "only). Default: no such query.",
  },
};

export const BACKFILL_SENTENCES: SentencesOf<typeof BACKFILL_OPTIONS> = {
  maxConcurrency: {
    description:
      "Slices of time that are exported at once; each takes a run of Lambda and queries Vectra at its own rate.",
    remedy: "Vectra publishes no rate limit, so start low.",
  },
};

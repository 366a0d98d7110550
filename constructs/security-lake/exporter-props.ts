import type { ExporterAthenaQueries } from "./exporter-athena-queries.js";
import type { ExporterBackfill } from "./exporter-backfill.js";
import type { Architecture, ExporterVpc, FunctionBundle, LakeTarget, LogLevel } from "./exporter-function.js";
import type { ExporterTenant } from "./exporter-tenant.js";

export interface ExporterProps {
  /** Name of the function and beginning of every other name, 1 to 40 characters. */
  readonly name: string;
  /** Account that the exporter runs in (the custom source's provider account), 12 digits. */
  readonly accountId: string;
  /** Region that the exporter runs in. */
  readonly region: string;
  /** The function's code. */
  readonly bundle: FunctionBundle;
  readonly tenants: readonly ExporterTenant[];
  /** Where the events go. */
  readonly lake: LakeTarget;
  /**
   * How often each tenant is asked, `rate(...)` or `cron(...)` in UTC. A rate of 15 minutes at most, because
   * an alarm expects a successful run in every 30 minutes.
   *
   * @default "rate(5 minutes)"
   */
  readonly schedule?: string | undefined;
  /**
   * Megabytes of memory, 128 to 10240.
   *
   * @default 512
   */
  readonly memorySize?: number | undefined;
  /**
   * Longest run in seconds, 60 to 900. What is left over is the next run's.
   *
   * @default 240
   */
  readonly timeoutSeconds?: number | undefined;
  /** @default "arm64" */
  readonly architecture?: Architecture | undefined;
  /**
   * The least severe level that is logged. Metrics are written at every level.
   *
   * @default "INFO"
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * Runs that are kept free for the exporter, and the most that run at once, 1 to 1000. Fewer than there are
   * tenants make them wait for each other. AWS keeps 100 of an account's runs unreserved, so small accounts
   * cannot reserve any; the lease in the checkpoint table keeps runs of a tenant apart, whatever this is.
   *
   * @default - the account's unreserved concurrency
   */
  readonly reservedConcurrentExecutions?: number | undefined;
  /**
   * IAM path of the exporter's roles, with a slash at both ends. Another path later replaces the roles.
   *
   * @default "/"
   */
  readonly rolePath?: string | undefined;
  /**
   * ARN of the managed policy that bounds the exporter's roles.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * Whether X-Ray traces the runs. Traces cost beyond 100,000 a month, which is about eleven tenants every five
   * minutes.
   *
   * @default false
   */
  readonly tracing?: boolean | undefined;
  /**
   * Customer key, in the exporter's region, that encrypts checkpoint table, created secrets, dead-letter queue,
   * log group and environment. CloudWatch Logs must be allowed to use it: `keyStatementsToAdd`.
   *
   * @default - keys of AWS, which cost nothing
   */
  readonly kmsKeyArn?: string | undefined;
  /** @default - no VPC: the function reaches the internet through Lambda's own network */
  readonly vpc?: ExporterVpc | undefined;
  /**
   * Days for which logs are kept: one of the retentions that CloudWatch Logs offers.
   *
   * @default 90
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Whether DynamoDB itself refuses to delete the checkpoint table, for every principal.
   *
   * @default false
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * ARNs of SNS topics that are told when an alarm goes off.
   *
   * @default - alarms only show in CloudWatch
   */
  readonly alarmActions?: readonly string[] | undefined;
  /**
   * Lag of a tenant, in seconds, above which an alarm goes off, 60 to 604800: how far behind its export may be.
   *
   * @default 1800
   */
  readonly lagThresholdSeconds?: number | undefined;
  /**
   * Whether to make a CloudWatch dashboard of the exporter's name. It costs about 3 USD a month; an account's
   * first three are free.
   *
   * @default false
   */
  readonly dashboard?: boolean | undefined;
  /**
   * Whether to save queries for CloudWatch Logs Insights, in a folder of the exporter's name. To keep them is
   * free; to run one costs about 0.005 USD for each GB that it scans.
   *
   * @default false
   */
  readonly savedQueries?: boolean | undefined;
  /**
   * Whether to save queries for Athena over the source's table, which `lake.table` names. To keep them is free.
   *
   * @default - no Athena queries
   */
  readonly athenaQueries?: ExporterAthenaQueries | undefined;
  /**
   * Whether to make a state machine that backfills windows of a tenant's history, several at once. It costs nothing
   * until it is started, but for its alarm.
   *
   * @default - no state machine: a backfill is one invocation after the other
   */
  readonly backfill?: ExporterBackfill | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the checkpoint table and the secrets.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

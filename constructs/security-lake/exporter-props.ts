import type { ICustomSource } from "./existing-custom-source.js";
import type { ExporterAthenaQueries } from "./exporter-athena-queries.js";
import type { ExporterBackfill } from "./exporter-backfill.js";
import type { ExporterFunctionOptions } from "./exporter-function-options.js";
import type { ExporterTenant } from "./exporter-tenant-props.js";

export interface ExporterProps extends ExporterFunctionOptions {
  /** Name of the function and prefix of every other name, 1 to 40 characters. */
  readonly name: string;
  /** Account that the exporter runs in (the custom source's provider account), 12 digits. */
  readonly accountId: string;
  /** Region that the exporter runs in. */
  readonly region: string;
  readonly tenants: readonly ExporterTenant[];
  /**
   * Custom source that the events go to. A source that is created must be in the exporter's stack, because Terraform
   * learns its location and role at the apply; an existing one may be in any stack.
   */
  readonly customSource: ICustomSource;
  /**
   * When each tenant's new events are exported, `rate(...)` or `cron(...)` in UTC. A rate must be at most 15 minutes,
   * because an alarm expects a successful run every 30 minutes.
   *
   * @default "rate(5 minutes)"
   */
  readonly schedule?: string | undefined;
  /**
   * Whether DynamoDB itself refuses to delete the checkpoint table, for every principal.
   *
   * @default false
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * ARNs of SNS topics that are notified when an alarm goes off.
   *
   * @default - alarms are visible in CloudWatch only
   */
  readonly alarmActions?: readonly string[] | undefined;
  /**
   * Lag of a tenant, in seconds, above which an alarm goes off, 60 to 604800: how far behind its export may be.
   *
   * @default 1800
   */
  readonly lagThresholdSeconds?: number | undefined;
  /**
   * Whether to create a CloudWatch dashboard with the exporter's name. It costs about 3 USD a month; an account's
   * first three are free.
   *
   * @default false
   */
  readonly dashboard?: boolean | undefined;
  /**
   * Whether to save queries for CloudWatch Logs Insights, in a folder with the exporter's name. Saving them is
   * free; running one costs about 0.005 USD per GB that it scans.
   *
   * @default false
   */
  readonly savedQueries?: boolean | undefined;
  /**
   * Whether to save queries for Athena over the source's table, which `customSource.table` names. Saving them is free.
   *
   * @default - no Athena queries
   */
  readonly athenaQueries?: ExporterAthenaQueries | undefined;
  /**
   * Whether to create a state machine that backfills slices of a tenant's history, several at once. Until it is started,
   * only its alarm costs anything.
   *
   * @default - no state machine: a backfill is a sequence of invocations
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

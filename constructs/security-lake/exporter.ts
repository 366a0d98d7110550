import { Construct } from "constructs";
import { DEFAULT_PROFILE } from "../../functions/security-lake-exporter/environment.js";
import type { PolicyStatement } from "../iam/policy.js";
import { POLICY_ARN, ROLE_ARN } from "../iam/rules.js";
import { enforce, enforceEach, enforceRegion, enforceSome, refuse } from "../rule.js";
import { ACCOUNT_ID, KEY_ARN, LOG_RETENTION, PARTITION, REGION, SECURITY_GROUP_ID } from "../rules.js";
import type { Home } from "./arn.js";
import { AthenaQueries } from "./athena-queries.js";
import { BackfillStateMachine } from "./backfill-state-machine.js";
import { CheckpointTable } from "./checkpoint-table.js";
import { ClientSecret } from "./client-secret.js";
import { DeadLetterQueue } from "./dead-letter-queue.js";
import { ExporterAlarms } from "./exporter-alarms.js";
import { checkAthenaQueries, type ExporterAthenaQueries } from "./exporter-athena-queries.js";
import { checkBackfill, DEFAULT_BACKFILL_CONCURRENCY, type ExporterBackfill } from "./exporter-backfill.js";
import { ExporterDashboard } from "./exporter-dashboard.js";
import {
  type Architecture,
  ExporterFunction,
  type ExporterVpc,
  type FunctionBundle,
  type LakeTarget,
  type LogLevel,
} from "./exporter-function.js";
import {
  checkAccumulation,
  checkTenants,
  type ExporterTenant,
  tenantId,
  tenantSettings,
} from "./exporter-tenant.js";
import {
  ARCHITECTURE,
  EXPORTER_NAME,
  LAG_THRESHOLD,
  LAKE_EXTERNAL_ID,
  LAKE_LOCATION,
  LOG_LEVEL,
  MEMORY_SIZE,
  RESERVED_CONCURRENCY,
  SCHEDULE_EXPRESSION,
  SUBNET_ID,
  TIMEOUT_SECONDS,
  TOPIC_ARN,
} from "./rules.js";
import { SavedQueries } from "./saved-queries.js";
import { TenantSchedules } from "./tenant-schedules.js";

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
   * Longest run in seconds, 30 to 900. What is left over is the next run's.
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
   * ARN of the managed policy that bounds the exporter's two roles.
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
   * Whether DynamoDB itself refuses to delete the checkpoint table, whoever asks.
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
   * Age of a tenant's newest exported event, in seconds, above which an alarm goes off, 60 to 604800.
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

const DEFAULT_LAG_THRESHOLD_SECONDS = 1800;

/** Longest rate, in minutes, at which the alarm on 30 minutes without success still sees two runs. */
const LONGEST_RATE_MINUTES = 15;

/**
 * Takes new account scoring events of Vectra tenants into a custom source of Amazon Security Lake, every
 * five minutes: function, checkpoint table, a secret and a schedule per tenant, dead-letter queue, alarms.
 *
 * @throws Error for anything that AWS or the function would refuse: names, URLs, accounts, ARNs, schedule,
 * retention, two tenants of one name or of two event classes, settings that do not fit Lambda's environment.
 */
export class Exporter extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly tableName: string;
  readonly deadLetterQueueUrl: string;
  /** Secret of each tenant, in the order of the tenants. */
  readonly secretArns: readonly string[];
  /** What the policy of the customer key must say for CloudWatch Logs; empty without a customer key. */
  readonly keyStatementsToAdd: readonly PolicyStatement[];
  /** State machine of the backfills, where there is one. */
  readonly backfillStateMachineArn: string | undefined;

  constructor(scope: Construct, id: string, props: ExporterProps) {
    super(scope, id);
    this.check(props);

    const { name, retain, lake, bundle, kmsKeyArn, permissionsBoundary } = props;
    const home: Home = {
      partition: props.partition ?? "aws",
      region: props.region,
      accountId: props.accountId,
    };
    const table = new CheckpointTable(this, "checkpoints", {
      tableName: `${name}-checkpoints`,
      home,
      kmsKeyArn,
      deletionProtection: props.deletionProtection,
      retain,
    });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letters", {
      queueName: `${name}-dead-letters`,
      home,
      kmsKeyArn,
    });
    const tenants = props.tenants.map((tenant, index) =>
      tenantSettings(tenant, this.secretArn(props, tenant, index)),
    );
    const exporter = new ExporterFunction(this, "function", {
      functionName: name,
      home,
      bundle,
      tenants,
      lake,
      table,
      deadLetterQueue,
      memorySize: props.memorySize ?? 512,
      timeoutSeconds: props.timeoutSeconds ?? 240,
      architecture: props.architecture ?? "arm64",
      logRetentionDays: props.logRetentionDays ?? 90,
      logLevel: props.logLevel ?? "INFO",
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      permissionsBoundary,
      tracing: props.tracing ?? false,
      kmsKeyArn,
      vpc: props.vpc,
    });
    const scheduled = props.tenants.map((tenant, index) => ({
      id: tenantId(tenant, index),
      name: tenant.name,
    }));
    new TenantSchedules(this, "schedules", {
      groupName: name,
      home,
      tenants: scheduled,
      schedule: props.schedule ?? "rate(5 minutes)",
      exporter,
      deadLetterQueue,
      kmsKeyArn,
      permissionsBoundary,
    });
    const backfill = this.createBackfill(props, home, exporter);
    new ExporterAlarms(this, "alarms", {
      name,
      tenants: scheduled,
      exporter,
      deadLetterQueue,
      lagThresholdSeconds: props.lagThresholdSeconds ?? DEFAULT_LAG_THRESHOLD_SECONDS,
      alarmActions: props.alarmActions ?? [],
      backfill,
    });
    if (props.dashboard === true) {
      const tenantNames = props.tenants.map((tenant) => tenant.name);
      const { region } = props;
      new ExporterDashboard(this, "dashboard", { name, region, tenantNames, exporter, deadLetterQueue });
    }
    if (props.savedQueries === true) {
      new SavedQueries(this, "saved-queries", { folder: name, exporter });
    }
    this.createAthenaQueries(props);

    this.functionName = exporter.functionName;
    this.functionArn = exporter.functionArn;
    this.tableName = table.tableName;
    this.deadLetterQueueUrl = deadLetterQueue.queueUrl;
    this.secretArns = tenants.map((tenant) => tenant.secretArn);
    this.keyStatementsToAdd = exporter.keyStatementsToAdd;
    this.backfillStateMachineArn = backfill?.stateMachineArn;
  }

  private createBackfill(
    { name, backfill, tracing, permissionsBoundary }: ExporterProps,
    home: Home,
    exporter: ExporterFunction,
  ): BackfillStateMachine | undefined {
    return backfill === undefined
      ? undefined
      : new BackfillStateMachine(this, "backfill", {
          name: `${name}-backfill`,
          home,
          exporter,
          maxConcurrency: backfill.maxConcurrency ?? DEFAULT_BACKFILL_CONCURRENCY,
          tracing: tracing ?? false,
          permissionsBoundary,
        });
  }

  private createAthenaQueries({ name, athenaQueries, lake, tenants }: ExporterProps): void {
    const { table } = lake;
    if (athenaQueries === undefined || table === undefined) {
      return;
    }
    const { workgroup = "primary", cloudTrailTable } = athenaQueries;
    new AthenaQueries(this, "athena-queries", {
      name,
      workgroup,
      table,
      profiles: tenants.map(({ profile }) => profile ?? DEFAULT_PROFILE),
      cloudTrailTable:
        cloudTrailTable === undefined ? undefined : { database: table.database, name: cloudTrailTable },
    });
  }

  /** The tenant's own secret, or a new and empty one. */
  private secretArn(props: ExporterProps, tenant: ExporterTenant, index: number): string {
    if (tenant.secret !== undefined) {
      return tenant.secret.existingArn;
    }
    return new ClientSecret(this, `client-secret-${tenantId(tenant, index)}`, {
      secretName: `${props.name}/${tenant.name}`,
      tenantName: tenant.name,
      kmsKeyArn: props.kmsKeyArn,
      retain: props.retain,
    }).secretArn;
  }

  private check(props: ExporterProps): void {
    enforce(this, "name", props.name, EXPORTER_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "region", props.region, REGION);
    enforce(this, "partition", props.partition, PARTITION);
    enforce(this, "lake.location", props.lake.location, LAKE_LOCATION);
    enforce(this, "lake.region", props.lake.region, REGION);
    enforce(this, "lake.roleArn", props.lake.roleArn, ROLE_ARN);
    enforce(this, "lake.externalId", props.lake.externalId, LAKE_EXTERNAL_ID);
    enforce(this, "memorySize", props.memorySize, MEMORY_SIZE);
    enforce(this, "timeoutSeconds", props.timeoutSeconds, TIMEOUT_SECONDS);
    enforce(this, "architecture", props.architecture, ARCHITECTURE);
    enforce(this, "logLevel", props.logLevel, LOG_LEVEL);
    enforce(this, "reservedConcurrentExecutions", props.reservedConcurrentExecutions, RESERVED_CONCURRENCY);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforceRegion(
      this,
      "kmsKeyArn",
      props.kmsKeyArn,
      props.region,
      "the exporter's table, secrets, queue and logs are there",
    );
    this.checkVpc(props.vpc);
    checkBackfill(this, props.backfill, props.reservedConcurrentExecutions);
    enforce(this, "logRetentionDays", props.logRetentionDays, LOG_RETENTION);
    enforce(this, "lagThresholdSeconds", props.lagThresholdSeconds, LAG_THRESHOLD);
    enforceEach(this, "alarmActions", props.alarmActions, TOPIC_ARN);
    this.checkSchedule(props.schedule);
    checkTenants(this, props.tenants, props.lake.eventClass);
    checkAthenaQueries(this, props.athenaQueries, props.lake.table, props.tenants);
    checkAccumulation(this, props.tenants, props.lagThresholdSeconds ?? DEFAULT_LAG_THRESHOLD_SECONDS);
  }

  private checkVpc(vpc: ExporterVpc | undefined): void {
    if (vpc === undefined) {
      return;
    }
    const { subnetIds, securityGroupIds } = vpc;
    enforceSome(this, "vpc.subnetIds", subnetIds, "Name at least one subnet, better two in two zones.");
    enforceEach(this, "vpc.subnetIds", subnetIds, SUBNET_ID);
    enforceSome(this, "vpc.securityGroupIds", securityGroupIds, "Name at least one security group.");
    enforceEach(this, "vpc.securityGroupIds", securityGroupIds, SECURITY_GROUP_ID);
  }

  private checkSchedule(schedule: string | undefined): void {
    enforce(this, "schedule", schedule, SCHEDULE_EXPRESSION);
    const rate = /^rate\((\d+) (minute|hour|day)/.exec(schedule ?? "");
    if (rate !== null && (rate[2] !== "minute" || Number(rate[1]) > LONGEST_RATE_MINUTES)) {
      refuse(
        this,
        "schedule",
        JSON.stringify(schedule),
        `must be at most ${LONGEST_RATE_MINUTES} minutes apart, because an alarm expects a successful run in every 30`,
        "Choose a shorter rate.",
      );
    }
  }
}

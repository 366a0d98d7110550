import { Token } from "cdktf";
import { Construct } from "constructs";
import type { TenantSettings } from "../../functions/security-lake-exporter/environment.js";
import { ROLE_ARN } from "../iam/rules.js";
import { enforce, enforceEach, enforceSome, refuse } from "../rule.js";
import { ACCOUNT_ID, LOG_RETENTION, PARTITION, REGION } from "../rules.js";
import type { Home } from "./arn.js";
import { CheckpointTable } from "./checkpoint-table.js";
import { ClientSecret } from "./client-secret.js";
import { DeadLetterQueue } from "./dead-letter-queue.js";
import { ExporterAlarms } from "./exporter-alarms.js";
import {
  type Architecture,
  ExporterFunction,
  type FunctionBundle,
  type LakeTarget,
} from "./exporter-function.js";
import {
  EXPORTER_NAME,
  LAKE_EXTERNAL_ID,
  LAKE_LOCATION,
  MEMORY_SIZE,
  SCHEDULE_EXPRESSION,
  SECRET_ARN,
  TENANT_NAME,
  TENANT_URL,
  TIMEOUT_SECONDS,
  TOPIC_ARN,
} from "./rules.js";
import { TenantSchedules } from "./tenant-schedules.js";

/** A Vectra tenant (Respond UX) whose scoring events are exported. */
export interface ExporterTenant {
  /** Name of the tenant, unique in the exporter. It names schedule, checkpoint and object keys: choose one that stays. */
  readonly name: string;
  /** Origin of the tenant, for example `https://123123123123.uw2.portal.vectra.ai`. */
  readonly url: string;
  /** Account of the `accountId=` partition that the tenant's events go to, 12 digits. */
  readonly partitionAccountId: string;
  /**
   * Secret with the tenant's API client, `{"client_id": "...", "client_secret": "..."}`. An existing one must
   * be in the exporter's account and region and encrypted with the key `aws/secretsmanager`.
   *
   * @default - an empty secret `<exporter>/<tenant>` is created
   */
  readonly secret?: { readonly existingArn: string } | undefined;
  /**
   * Whether events that lower a score are exported too.
   *
   * @default true
   */
  readonly includeScoreDecreases?: boolean | undefined;
  /**
   * Where the very first run begins: at the tenant's oldest event, or with what is new from then on.
   *
   * @default "beginning"
   */
  readonly start?: "beginning" | "latest" | undefined;
}

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
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the checkpoint table and the secrets.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/** Longest rate, in minutes, at which the alarm on 30 minutes without success still sees two runs. */
const LONGEST_RATE_MINUTES = 15;

/**
 * Takes new account scoring events of Vectra tenants into a custom source of Amazon Security Lake, every
 * five minutes: function, checkpoint table, a secret and a schedule per tenant, dead-letter queue, alarms.
 *
 * @throws Error for anything that AWS or the function would refuse: names, URLs, accounts, ARNs, schedule,
 * retention, two tenants of one name, settings that do not fit Lambda's environment.
 */
export class Exporter extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly tableName: string;
  readonly deadLetterQueueUrl: string;
  /** Secret of each tenant, in the order of the tenants. */
  readonly secretArns: readonly string[];

  constructor(scope: Construct, id: string, props: ExporterProps) {
    super(scope, id);
    this.check(props);

    const { name, retain, lake, bundle } = props;
    const home: Home = {
      partition: props.partition ?? "aws",
      region: props.region,
      accountId: props.accountId,
    };
    const table = new CheckpointTable(this, "checkpoints", {
      tableName: `${name}-checkpoints`,
      home,
      deletionProtection: props.deletionProtection,
      retain,
    });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letters", {
      queueName: `${name}-dead-letters`,
      home,
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
    });
    new ExporterAlarms(this, "alarms", {
      name,
      tenants: scheduled,
      exporter,
      deadLetterQueue,
      alarmActions: props.alarmActions ?? [],
    });

    this.functionName = exporter.functionName;
    this.functionArn = exporter.functionArn;
    this.tableName = table.tableName;
    this.deadLetterQueueUrl = deadLetterQueue.queueUrl;
    this.secretArns = tenants.map((tenant) => tenant.secretArn);
  }

  /** The tenant's own secret, or a new and empty one. */
  private secretArn(props: ExporterProps, tenant: ExporterTenant, index: number): string {
    if (tenant.secret !== undefined) {
      return tenant.secret.existingArn;
    }
    return new ClientSecret(this, `client-secret-${tenantId(tenant, index)}`, {
      secretName: `${props.name}/${tenant.name}`,
      tenantName: tenant.name,
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
    enforce(this, "logRetentionDays", props.logRetentionDays, LOG_RETENTION);
    enforceEach(this, "alarmActions", props.alarmActions, TOPIC_ARN);
    this.checkSchedule(props.schedule);
    this.checkTenants(props.tenants);
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

  private checkTenants(tenants: readonly ExporterTenant[]): void {
    enforceSome(this, "tenants", tenants, "Name at least one Vectra tenant.");
    tenants.forEach((tenant, index) => {
      enforce(this, `tenants[${index}].name`, tenant.name, TENANT_NAME);
      enforce(this, `tenants[${index}].url`, tenant.url, TENANT_URL);
      enforce(this, `tenants[${index}].partitionAccountId`, tenant.partitionAccountId, ACCOUNT_ID);
      enforce(this, `tenants[${index}].secret.existingArn`, tenant.secret?.existingArn, SECRET_ARN);
      const first = tenants.findIndex((other) => other.name === tenant.name);
      if (first !== index) {
        refuse(
          this,
          `tenants[${index}].name`,
          JSON.stringify(tenant.name),
          `is already the name of tenants[${first}]`,
          "Give each tenant its own name.",
        );
      }
    });
  }
}

/**
 * Ids are part of Terraform addresses and cannot be tokens: a tenant whose name is one is known by its place.
 * A number is nobody's name, so the two kinds do not meet.
 */
function tenantId(tenant: ExporterTenant, index: number): string {
  return Token.isUnresolved(tenant.name) ? String(index) : tenant.name;
}

function tenantSettings(tenant: ExporterTenant, secretArn: string): TenantSettings {
  return {
    name: tenant.name,
    url: tenant.url,
    secretArn,
    partitionAccountId: tenant.partitionAccountId,
    includeScoreDecreases: tenant.includeScoreDecreases ?? true,
    start: tenant.start ?? "beginning",
  };
}

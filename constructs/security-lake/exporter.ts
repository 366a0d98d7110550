import { Construct } from "constructs";
import type { AccountAndRegion } from "../../facts/arn.js";
import { ATHENA_OPTIONS, BACKFILL_OPTIONS, EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { DEFAULT_PROFILE } from "../../facts/profiles.js";
import { enforceKnownAcross } from "../across-stacks.js";
import type { PolicyStatement } from "../iam/policy.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { type AlarmTopicStatements, alarmTopicStatements } from "./alarm-topic-policy.js";
import { AthenaQueries } from "./athena-queries.js";
import { BackfillStateMachine } from "./backfill-state-machine.js";
import { CheckpointTable } from "./checkpoint-table.js";
import { ClientSecret } from "./client-secret.js";
import { clientSecretKeys, type KeyStatementToAdd } from "./client-secret-keys.js";
import { DeadLetterQueue } from "./dead-letter-queue.js";
import type { ICustomSource } from "./existing-custom-source.js";
import { ExporterAlarms } from "./exporter-alarms.js";
import { checkExporter } from "./exporter-checks.js";
import { ExporterDashboard } from "./exporter-dashboard.js";
import { ExporterFunction } from "./exporter-function.js";
import type { ExporterProps } from "./exporter-props.js";
import { tenantId, tenantSettings } from "./exporter-tenant.js";
import type { ExporterTenant } from "./exporter-tenant-props.js";
import { SavedQueries } from "./saved-queries.js";
import { TenantSchedules } from "./tenant-schedules.js";

/**
 * Exports new account scoring events of Vectra tenants to a custom source of Amazon Security Lake, every
 * five minutes: function, checkpoint table, a secret and a schedule per tenant, dead-letter queue, alarms.
 *
 * @throws PropError for anything that AWS or the function would refuse: names, URLs, accounts, ARNs, schedule,
 * retention, two tenants of one name or of two event classes, settings that do not fit Lambda's environment.
 */
export class Exporter extends Construct {
  readonly functionName: string;
  readonly functionArn: string;
  readonly tableName: string;
  readonly deadLetterQueueUrl: string;
  /** Secret of each tenant, in the order of the tenants. */
  readonly secretArns: readonly string[];
  /** Statements that the customer key's policy requires for CloudWatch Logs; empty without a customer key. */
  readonly keyStatementsToAdd: readonly PolicyStatement[];
  /**
   * Statements that the policies of existing secrets' customer keys require, unless they delegate to IAM policies (as
   * AWS's default key policy does); empty if no tenant names such a key.
   */
  readonly secretKeyStatementsToAdd: readonly KeyStatementToAdd[];
  /** Statements that each topic of `alarmActions`, and its key, require so that CloudWatch may publish there. */
  readonly alarmTopicStatements: readonly AlarmTopicStatements[];
  /** State machine of the backfills, if there is one. */
  readonly backfillStateMachineArn: string | undefined;

  constructor(scope: Construct, id: string, props: ExporterProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, {
      name: true,
      region: true,
      accountId: true,
      tenants: true,
      customSource: true,
      bundle: true,
    });
    checkExporter(this, props);

    const { customSource } = props;
    const { location, providerRoleArn, externalId } = customSource;
    enforceKnownAcross(customSource, this, {
      location,
      providerRoleArn,
      externalId,
      region: customSource.region,
      ...(props.athenaQueries === undefined ? {} : tableProps(customSource)),
    });
    const { name, retain, kmsKeyArn, rolePath, permissionsBoundary } = props;
    const accountAndRegion: AccountAndRegion = {
      partition: props.partition ?? DEFAULT_PARTITION,
      region: props.region,
      accountId: props.accountId,
    };
    const table = new CheckpointTable(this, "checkpoints", {
      tableName: `${name}-checkpoints`,
      accountAndRegion,
      kmsKeyArn,
      deletionProtection: props.deletionProtection,
      retain,
    });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letters", {
      queueName: `${name}-dead-letters`,
      accountAndRegion,
      kmsKeyArn,
    });
    const tenants = props.tenants.map((tenant, index) =>
      tenantSettings(tenant, this.secretArn(props, tenant, index)),
    );
    const exporter = new ExporterFunction(this, "function", {
      ...props,
      functionName: name,
      accountAndRegion,
      tenants,
      lake: { location, region: customSource.region ?? props.region, roleArn: providerRoleArn, externalId },
      secretKeys: clientSecretKeys(props.tenants, kmsKeyArn),
      table,
      deadLetterQueue,
    });
    const scheduled = props.tenants.map((tenant, index) => ({
      id: tenantId(tenant, index),
      name: tenant.name,
    }));
    new TenantSchedules(this, "schedules", {
      groupName: name,
      accountAndRegion,
      tenants: scheduled,
      schedule: props.schedule ?? EXPORTER_OPTIONS.schedule.default,
      exporter,
      deadLetterQueue,
      kmsKeyArn,
      rolePath,
      permissionsBoundary,
    });
    const backfill = this.createBackfill(props, accountAndRegion, exporter);
    new ExporterAlarms(this, "alarms", {
      name,
      tenants: scheduled,
      exporter,
      deadLetterQueue,
      lagThresholdSeconds: props.lagThresholdSeconds ?? EXPORTER_OPTIONS.lagThresholdSeconds.default,
      alarmActions: props.alarmActions ?? [],
      backfill,
    });
    if (props.dashboard ?? EXPORTER_OPTIONS.dashboard.default) {
      const tenantNames = props.tenants.map((tenant) => tenant.name);
      const { region } = props;
      new ExporterDashboard(this, "dashboard", { name, region, tenantNames, exporter, deadLetterQueue });
    }
    if (props.savedQueries ?? EXPORTER_OPTIONS.savedQueries.default) {
      new SavedQueries(this, "saved-queries", { folder: name, exporter });
    }
    this.createAthenaQueries(props);

    this.functionName = exporter.functionName;
    this.functionArn = exporter.functionArn;
    this.tableName = table.tableName;
    this.deadLetterQueueUrl = deadLetterQueue.queueUrl;
    this.secretArns = tenants.map((tenant) => tenant.secretArn);
    this.keyStatementsToAdd = exporter.keyStatementsToAdd;
    this.secretKeyStatementsToAdd = exporter.secretKeyStatementsToAdd;
    this.alarmTopicStatements = (props.alarmActions ?? []).map((topic) =>
      alarmTopicStatements(accountAndRegion, name, topic),
    );
    this.backfillStateMachineArn = backfill?.stateMachineArn;
  }

  private createBackfill(
    { name, backfill, tracing, rolePath, permissionsBoundary }: ExporterProps,
    accountAndRegion: AccountAndRegion,
    exporter: ExporterFunction,
  ): BackfillStateMachine | undefined {
    return backfill === undefined
      ? undefined
      : new BackfillStateMachine(this, "backfill", {
          name: `${name}-backfill`,
          accountAndRegion,
          exporter,
          maxConcurrency: backfill.maxConcurrency ?? BACKFILL_OPTIONS.maxConcurrency.default,
          tracing: tracing ?? EXPORTER_OPTIONS.tracing.default,
          rolePath,
          permissionsBoundary,
        });
  }

  private createAthenaQueries({ name, athenaQueries, customSource, tenants }: ExporterProps): void {
    const { table } = customSource;
    if (athenaQueries === undefined || table === undefined) {
      return;
    }
    const { workgroup = ATHENA_OPTIONS.workgroup.default, cloudTrailTable } = athenaQueries;
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
}

function tableProps({ table }: ICustomSource): Record<string, string | undefined> {
  return { "table.database": table?.database, "table.name": table?.name };
}

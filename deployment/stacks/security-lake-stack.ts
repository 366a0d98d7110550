import type { Construct } from "constructs";
import {
  CustomSource,
  Exporter,
  eventClassOf,
  type ICustomSource,
} from "../../constructs/security-lake/index.js";
import type { ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import type { SecurityLakePlan } from "../plan/plan.js";
import { AccountStack } from "./account-stack.js";
import { forgottenSource } from "./forgotten.js";
import { alarmTopicSteps, lakeKeySteps, secretKeySteps, sourceSteps } from "./security-lake-to-do.js";

interface SecurityLakeStackProps {
  readonly plan: SecurityLakePlan;
  /** The exporter function's zip. */
  readonly bundle: ExporterBundle;
}

/** Security Lake's delegated administrator: the custom source and the exporter that fills it. */
export class SecurityLakeStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, { plan, bundle }: SecurityLakeStackProps) {
    super(scope, id, plan);
    const { deployment, securityLake, names } = plan;
    const { partition, retain } = deployment;
    const { customSource, exporter } = securityLake;
    const home = { partition, region: this.region, accountId: this.accountId };
    const tenantNames = exporter.tenants.map(({ name }) => name).join(", ");
    const origin = customSource.existing === undefined ? "custom source" : "existing custom source";
    this.purpose = `${origin} ${names.customSource}, exporter for ${tenantNames} every 5 minutes`;
    this.toDo.push(...sourceSteps(this, securityLake));

    const source = this.createSource(plan);
    this.forget(forgottenSource(plan));
    const built = this.at(
      ["securityLake", "exporter"],
      () =>
        new Exporter(this, "exporter", {
          name: names.exporter,
          bundle,
          tenants: exporter.tenants.map((tenant) => ({
            name: tenant.name,
            url: tenant.url,
            partitionAccountId: tenant.partitionAccountId ?? this.accountId,
            secret:
              tenant.secret.existing === undefined
                ? undefined
                : {
                    existingArn: tenant.secret.existing.arn,
                    kmsKeyArn: tenant.secret.existing.kmsKeyArn,
                  },
            includeScoreDecreases: tenant.includeScoreDecreases,
            start: tenant.start,
            api: tenant.api,
            profile: tenant.profile,
            rawData: tenant.rawData,
            filters: tenant.filters,
            partitionBy: tenant.partitionBy,
            assignmentRequired: tenant.assignmentRequired,
            accumulate: tenant.accumulate,
          })),
          customSource: source,
          memorySize: exporter.memorySize,
          timeoutSeconds: exporter.timeoutSeconds,
          architecture: exporter.architecture,
          logLevel: exporter.logLevel,
          reservedConcurrentExecutions: exporter.reservedConcurrentExecutions,
          rolePath: exporter.rolePath,
          permissionsBoundary: exporter.permissionsBoundary,
          tracing: exporter.tracing,
          kmsKeyArn: exporter.kmsKeyArn,
          vpc: exporter.vpc,
          lagThresholdSeconds: exporter.lagThresholdSeconds,
          dashboard: exporter.dashboard,
          savedQueries: exporter.savedQueries,
          athenaQueries: exporter.athenaQueries,
          backfill: exporter.backfill,
          logRetentionDays: exporter.logRetentionDays,
          deletionProtection: exporter.deletionProtection,
          alarmActions: exporter.alarmActions,
          retain,
          ...home,
        }),
    );

    for (const [index, { name, secret }] of exporter.tenants.entries()) {
      const secretArn = built.secretArns[index];
      if (secretArn !== undefined && secret.existing === undefined) {
        this.createOutput(
          `client_secret_arn_${name}`,
          secretArn,
          `Secret of tenant ${name}, created empty. Put its API client there: ` +
            `aws secretsmanager put-secret-value --region ${this.region} ` +
            `--secret-id ${names.exporter}/${name} --secret-string file://client.json ` +
            '(client.json holds {"client_id": "...", "client_secret": "..."}; delete it afterwards).',
        );
      }
    }
    if (exporter.kmsKeyArn !== undefined) {
      this.toDo.push({
        what:
          `Before the apply, add this statement to the policy of the key ${exporter.kmsKeyArn}, so that ` +
          "CloudWatch Logs may encrypt the exporter's log group with it.",
        text: JSON.stringify(built.keyStatementsToAdd, undefined, 2),
      });
    }
    this.toDo.push(...secretKeySteps(built.secretKeyStatementsToAdd));
    this.toDo.push(...lakeKeySteps(this, securityLake, names.customSource, source.keyStatementsToAdd));
    this.toDo.push(...built.alarmTopicStatements.flatMap(alarmTopicSteps));
    this.createOutput("exporter_function_name", built.functionName, "Name of the exporter function.");
    if (built.backfillStateMachineArn !== undefined) {
      this.createOutput(
        "backfill_state_machine_arn",
        built.backfillStateMachineArn,
        "State machine of the backfills. Start it with windows in UTC, to exclusive: " +
          `aws stepfunctions start-execution --region ${this.region} --state-machine-arn <this> --input ` +
          `'{"tenant": "${exporter.tenants[0]?.name}", "windows": [{"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}]}'`,
      );
    }
    this.createOutput("checkpoint_table_name", built.tableName, "DynamoDB table of the checkpoints.");
    if (securityLake.kmsKeyArn !== undefined) {
      this.createOutput(
        "lake_provider_role_arn",
        source.providerRoleArn,
        "Role that writes to the lake; the policy of the lake's key must allow it.",
      );
    }
    this.createOutput("lake_location", source.location, "Where the exporter writes in the lake.");
  }
  private createSource({ deployment, securityLake, names }: SecurityLakePlan): ICustomSource {
    const { partition, retain } = deployment;
    const { create, existing } = securityLake.customSource;
    const lake = {
      accountId: this.accountId,
      region: this.region,
      kmsKeyArn: securityLake.kmsKeyArn,
      partition,
    };
    if (existing !== undefined) {
      return this.at(["securityLake", "customSource", "existing"], () =>
        CustomSource.fromCustomSourceAttributes(this, "custom-source", { ...existing, ...lake }),
      );
    }
    if (create === undefined) {
      throw new Error("securityLake.customSource has neither create nor existing, which loading rules out.");
    }
    return this.at(
      ["securityLake", "customSource"],
      () =>
        new CustomSource(this, "custom-source", {
          sourceName: names.customSource,
          eventClasses: [eventClassOf(securityLake.exporter.tenants[0]?.profile)],
          providerAccountId: this.accountId,
          externalId: create.externalId,
          crawlerRoleName: names.crawlerRole,
          crawlerRolePath: create.rolePath,
          permissionsBoundary: create.permissionsBoundary,
          lakeBucketName: securityLake.bucketName,
          retain,
          ...lake,
        }),
    );
  }
}

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
import {
  alarmTopicSteps,
  lakeKeySteps,
  logGroupKeySteps,
  secretKeySteps,
  sourceSteps,
} from "./security-lake-to-do.js";

interface SecurityLakeStackProps {
  readonly plan: SecurityLakePlan;
  /** The exporter function's zip. */
  readonly bundle: ExporterBundle;
}

/** Security Lake's delegated administrator: the custom source and the exporter that fills it. */
export class SecurityLakeStack extends AccountStack {
  readonly purpose: string;
  readonly #plan: SecurityLakePlan;

  constructor(scope: Construct, id: string, { plan, bundle }: SecurityLakeStackProps) {
    super(scope, id, plan);
    this.#plan = plan;
    const { securityLake, names } = plan;
    const { customSource, exporter } = securityLake;
    const tenantNames = exporter.tenants.map(({ name }) => name).join(", ");
    const origin = customSource.existing === undefined ? "custom source" : "existing custom source";
    this.purpose = `${origin} ${names.customSource}, exporter for ${tenantNames} every 5 minutes`;

    this.forget(forgottenSource(plan));
    const source = this.#createSource();
    const built = this.#createExporter(source, bundle);
    this.toDo.push(
      ...sourceSteps(this, securityLake),
      ...logGroupKeySteps(exporter.kmsKeyArn, built.keyStatementsToAdd),
      ...secretKeySteps(built.secretKeyStatementsToAdd),
      ...lakeKeySteps(this, securityLake, names.customSource, source.keyStatementsToAdd),
      ...built.alarmTopicStatements.flatMap(alarmTopicSteps),
    );
    this.#createOutputs(source, built);
  }

  #createExporter(source: ICustomSource, bundle: ExporterBundle): Exporter {
    const { deployment, securityLake, names } = this.#plan;
    const { tenants, ...options } = securityLake.exporter;
    return this.at(
      ["securityLake", "exporter"],
      () =>
        new Exporter(this, "exporter", {
          ...options,
          name: names.exporter,
          bundle,
          tenants: tenants.map(({ secret: { existing }, partitionAccountId, ...tenant }) => ({
            ...tenant,
            partitionAccountId: partitionAccountId ?? this.accountId,
            secret:
              existing === undefined
                ? undefined
                : { existingArn: existing.arn, kmsKeyArn: existing.kmsKeyArn },
          })),
          customSource: source,
          retain: deployment.retain,
          partition: deployment.partition,
          region: this.region,
          accountId: this.accountId,
        }),
    );
  }

  #createOutputs(source: ICustomSource, built: Exporter): void {
    const { securityLake, names } = this.#plan;
    const { tenants } = securityLake.exporter;
    for (const [index, { name, secret }] of tenants.entries()) {
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
    this.createOutput("exporter_function_name", built.functionName, "Name of the exporter function.");
    if (built.backfillStateMachineArn !== undefined) {
      this.createOutput(
        "backfill_state_machine_arn",
        built.backfillStateMachineArn,
        'State machine of the backfills. Start it with time ranges in UTC, "to" exclusive: ' +
          `aws stepfunctions start-execution --region ${this.region} --state-machine-arn <this> --input ` +
          `'{"tenant": "${tenants[0]?.name}", "windows": [{"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}]}'`,
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

  #createSource(): ICustomSource {
    const { deployment, securityLake, names } = this.#plan;
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

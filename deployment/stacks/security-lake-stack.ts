import type { Construct } from "constructs";
import { CustomSource, Exporter } from "../../constructs/security-lake/index.js";
import type { ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import { AccountStack, type AccountStackProps } from "./account-stack.js";

interface SecurityLakeStackProps extends AccountStackProps {
  /** The exporter function's zip. */
  readonly bundle: ExporterBundle;
}

/** Security Lake's delegated administrator: the custom source and the exporter that fills it. */
export class SecurityLakeStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: SecurityLakeStackProps) {
    const { deployment, bundle } = props;
    super(scope, id, props, {
      account: "securityLake",
      region: deployment.securityLake.region ?? deployment.region,
    });
    const { partition, retain, securityLake } = deployment;
    const { customSource, exporter } = securityLake;
    const home = { partition, region: this.region, accountId: this.accountId };
    const tenantNames = exporter.tenants.map(({ name }) => name).join(", ");
    this.purpose = `custom source ${this.names.customSource}, exporter for ${tenantNames} every 5 minutes`;

    const source = new CustomSource(this, "custom-source", {
      sourceName: this.names.customSource,
      providerAccountId: this.accountId,
      externalId: customSource.create.externalId,
      accountId: this.accountId,
      crawlerRoleName: this.names.crawlerRole,
      lakeBucketName: securityLake.bucketName,
      partition,
      retain,
    });
    const built = new Exporter(this, "exporter", {
      name: this.names.exporter,
      bundle,
      tenants: exporter.tenants.map((tenant) => ({
        name: tenant.name,
        url: tenant.url,
        partitionAccountId: tenant.partitionAccountId ?? this.accountId,
        ...(tenant.secret.existing === undefined
          ? {}
          : { secret: { existingArn: tenant.secret.existing.arn } }),
        includeScoreDecreases: tenant.includeScoreDecreases,
        start: tenant.start,
      })),
      lake: {
        location: source.location,
        region: this.region,
        roleArn: source.providerRoleArn,
        externalId: source.externalId,
      },
      logRetentionDays: exporter.logRetentionDays,
      deletionProtection: exporter.deletionProtection,
      alarmActions: exporter.alarmActions,
      retain,
      ...home,
    });

    for (const [index, { name, secret }] of exporter.tenants.entries()) {
      const secretArn = built.secretArns[index];
      if (secretArn !== undefined && secret.existing === undefined) {
        this.createOutput(
          `client_secret_arn_${name}`,
          secretArn,
          `Secret of tenant ${name}, created empty. Put its API client there: ` +
            `aws secretsmanager put-secret-value --region ${this.region} ` +
            `--secret-id ${this.names.exporter}/${name} --secret-string file://client.json ` +
            '(client.json holds {"client_id": "...", "client_secret": "..."}; delete it afterwards).',
        );
      }
    }
    this.createOutput("exporter_function_name", built.functionName, "Name of the exporter function.");
    this.createOutput("checkpoint_table_name", built.tableName, "DynamoDB table of the checkpoints.");
    this.createOutput("lake_location", source.location, "Where the exporter writes in the lake.");
  }
}

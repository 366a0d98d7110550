import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ENVIRONMENT } from "../facts/environment.js";
import { sourcePrefix } from "../facts/object-names.js";
import type { TenantSettings } from "../facts/options/exporter-tenant.js";
import type { TableKey } from "../simulator/aws/dynamodb.js";
import type { FunctionConfiguration } from "./lambda.js";

/** The exporter as the synthesized security-lake stack declares it: only what AWS would receive. */
export interface DeployedExporter {
  readonly configuration: FunctionConfiguration;
  /** The zip that the Terraform JSON points to. */
  readonly zipPath: string;
  readonly table: TableKey;
  readonly tenants: readonly TenantSettings[];
  /** What each schedule sends to the function, and how often. */
  readonly schedules: readonly { readonly expression: string; readonly event: unknown }[];
  /** Where Security Lake would store the custom source. */
  readonly lake: {
    readonly bucket: string;
    readonly prefix: string;
    readonly region: string;
    readonly roleArn: string;
    readonly externalId: string;
  };
}

/** At most one, in the form in which Terraform JSON writes a nested block. */
const block = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value[0] : value), schema);

const byName = <T extends z.ZodType>(schema: T) => z.record(z.string(), schema);

const stackSchema = z.object({
  provider: z.object({
    aws: z.tuple([z.object({ region: z.string(), allowed_account_ids: z.tuple([z.string()]) })]),
  }),
  resource: z.looseObject({
    aws_lambda_function: byName(
      z.object({
        function_name: z.string(),
        handler: z.string(),
        runtime: z.string(),
        timeout: z.number(),
        memory_size: z.number(),
        filename: z.string(),
        environment: block(z.object({ variables: byName(z.string()) })),
      }),
    ),
    aws_dynamodb_table: byName(z.object({ name: z.string(), hash_key: z.string(), range_key: z.string() })),
    aws_scheduler_schedule: byName(
      z.object({ schedule_expression: z.string(), target: block(z.object({ input: z.string() })) }),
    ),
    aws_securitylake_custom_log_source: byName(z.object({ source_name: z.string() })),
  }),
});

/**
 * Reads the exporter from a synthesized stack. References to values that exist only after an apply are
 * replaced with the values that AWS would assign.
 *
 * @param stackDirectory `cdktf.out/stacks/security-lake`
 * @param lakeBucket the lake's bucket, which Security Lake reports after the source has been created
 * @throws Error if the stack declares no exporter, or refers to a value that only AWS knows
 */
export function readDeployedExporter(stackDirectory: string, lakeBucket: string): DeployedExporter {
  const path = join(stackDirectory, "cdk.tf.json");
  const parsed = stackSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) {
    throw new Error(`${path} declares no exporter:\n${z.prettifyError(parsed.error)}`);
  }
  const { provider, resource } = parsed.data;
  const { region, allowed_account_ids } = provider.aws[0];
  const [accountId] = allowed_account_ids;

  const lambda = onlyOne(resource.aws_lambda_function, "aws_lambda_function");
  const table = onlyOne(resource.aws_dynamodb_table, "aws_dynamodb_table");
  const source = onlyOne(resource.aws_securitylake_custom_log_source, "aws_securitylake_custom_log_source");
  const resolve = (text: string): string =>
    resolveReferences(text, (type, name, attribute) => {
      switch (`${type}.${attribute}`) {
        case "aws_securitylake_custom_log_source.provider_details[0].location":
          return `s3://${lakeBucket}/${sourcePrefix(source.source_name)}`;
        case "aws_securitylake_custom_log_source.provider_details[0].role_arn":
          return `arn:aws:iam::${accountId}:role/AmazonSecurityLake-Provider-${source.source_name}-${region}`;
        case "aws_secretsmanager_secret.arn":
          return `arn:aws:secretsmanager:${region}:${accountId}:secret:${literal(resource, type, name, "name")}-AbCdEf`;
        default:
          return literal(resource, type, name, attribute);
      }
    });

  const variables = Object.fromEntries(
    Object.entries(lambda.environment.variables).map(([name, value]) => [name, resolve(value)]),
  );
  const location = new URL(variables[ENVIRONMENT.lakeLocation] ?? "");
  return {
    configuration: {
      functionName: lambda.function_name,
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${lambda.function_name}`,
      handler: lambda.handler,
      runtime: lambda.runtime,
      timeoutSeconds: lambda.timeout,
      memoryMegabytes: lambda.memory_size,
      environment: variables,
    },
    zipPath: lambda.filename.replace("${path.module}", stackDirectory),
    table: { name: table.name, hashKey: table.hash_key, rangeKey: table.range_key },
    tenants: JSON.parse(variables[ENVIRONMENT.tenants] ?? "[]") as TenantSettings[],
    schedules: Object.values(resource.aws_scheduler_schedule).map((schedule) => ({
      expression: schedule.schedule_expression,
      event: JSON.parse(schedule.target.input) as unknown,
    })),
    lake: {
      bucket: location.hostname,
      prefix: location.pathname.slice(1),
      region: variables[ENVIRONMENT.lakeRegion] ?? "",
      roleArn: variables[ENVIRONMENT.lakeRoleArn] ?? "",
      externalId: variables[ENVIRONMENT.lakeExternalId] ?? "",
    },
  };
}

/** Replaces each `${<type>.<name>.<attribute>}`. */
function resolveReferences(
  text: string,
  lookUp: (type: string, name: string, attribute: string) => string,
): string {
  return text.replaceAll(
    /\$\{(\w+)\.([\w-]+)\.([^}]+)\}/g,
    (_, type: string, name: string, attribute: string) => lookUp(type, name, attribute),
  );
}

/** An attribute that the stack itself sets. */
function literal(resources: Record<string, unknown>, type: string, name: string, attribute: string): string {
  const ofType = resources[type] as Record<string, Record<string, unknown>> | undefined;
  const value = ofType?.[name]?.[attribute];
  if (typeof value === "string" && !value.includes("${")) {
    return value;
  }
  throw new Error(`${type}.${name}.${attribute} is known only to AWS: add a value for it to the rehearsal.`);
}

function onlyOne<T>(resources: Record<string, T>, type: string): T {
  const [first, ...others] = Object.values(resources);
  if (first === undefined || others.length > 0) {
    throw new Error(
      `The stack has ${others.length + (first === undefined ? 0 : 1)} ${type}; the rehearsal needs exactly one.`,
    );
  }
  return first;
}

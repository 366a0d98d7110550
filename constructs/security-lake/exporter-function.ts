import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import { AssetType, TerraformAsset, Token, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { type AccountAndRegion, functionArn, roleArn } from "../../facts/arn.js";
import { ENVIRONMENT } from "../../facts/environment.js";
import { given } from "../../facts/given.js";
import { METRICS_NAMESPACE, SERVICE_NAME } from "../../facts/metrics.js";
import { EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import type { TenantSettings } from "../../facts/options/exporter-tenant.js";
import { addressed } from "../address.js";
import { refuse } from "../expectation.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { roleArguments } from "../iam/role-options.js";
import type { CheckpointTable } from "./checkpoint-table.js";
import type { ClientSecretKey, KeyStatementToAdd } from "./client-secret-keys.js";
import { exporterDecryptsClientSecrets } from "./client-secret-policy.js";
import type { DeadLetterQueue } from "./dead-letter-queue.js";
import type { ExporterFunctionOptions } from "./exporter-function-options.js";
import {
  executionStatements,
  lambdaAssumesRole,
  logGroupNameOf,
  logsUseKey,
} from "./exporter-function-policy.js";

/** Where the function writes. */
interface LakeTarget {
  /** `s3://<bucket>/ext/<source>/`. */
  readonly location: string;
  /** Region of the lake's bucket. */
  readonly region: string;
  /** Role that Security Lake created for the source. */
  readonly roleArn: string;
  /** External ID that the source was created with. */
  readonly externalId: string;
}

export interface ExporterFunctionProps extends ExporterFunctionOptions {
  readonly lake: LakeTarget;
  readonly functionName: string;
  readonly accountAndRegion: AccountAndRegion;
  readonly tenants: readonly TenantSettings[];
  /** Customer keys of the tenants' existing secrets, other than `kmsKeyArn`. */
  readonly secretKeys: readonly ClientSecretKey[];
  readonly table: CheckpointTable;
  readonly deadLetterQueue: DeadLetterQueue;
}

/** Bytes that Lambda allows for all environment variables together. */
const ENVIRONMENT_BYTES = 4096;

/** Minimum length of a secret's ARN, for secrets that do not exist yet. */
const MIN_SECRET_ARN_BYTES = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:a/b-AbCdEf".length;

/** An invocation that could not start within a tick is obsolete: the next one has been sent. */
const MAXIMUM_EVENT_AGE_SECONDS = 300;

/**
 * The function that exports new events of tenants to the lake, with its execution role, its log group and the
 * handling of failed invocations.
 *
 * @throws PropError if the tenants cannot fit Lambda's environment.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export class ExporterFunction extends Construct {
  readonly functionArn: string;
  readonly functionName: string;
  readonly logGroupName: string;
  readonly roleArn: string;
  /**
   * Statements that the policy of the customer key requires beside the account's own: CloudWatch Logs uses the key
   * itself. Empty without a customer key.
   */
  readonly keyStatementsToAdd: readonly PolicyStatement[];
  /** Statements that the policies of the secrets' customer keys require, unless they delegate to IAM policies. */
  readonly secretKeyStatementsToAdd: readonly KeyStatementToAdd[];
  /** Depend on this when you use `functionArn`. */
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ExporterFunctionProps) {
    super(scope, id);
    const environment = environmentVariables(props);
    this.checkEnvironment(props.tenants, environment);

    const logGroup = this.createLogGroup(props);
    const role = this.createRole(props);
    const policy = this.createPolicy(props, role);
    this.lambda = this.createFunction(props, environment, role, policy, logGroup);
    this.createInvokeConfig(this.lambda);

    this.functionArn = functionArn(props.accountAndRegion, props.functionName);
    this.functionName = this.lambda.functionName;
    this.logGroupName = logGroup.name;
    this.roleArn = role.arn;
    this.keyStatementsToAdd =
      props.kmsKeyArn === undefined
        ? []
        : [logsUseKey(props.accountAndRegion, logGroupNameOf(props.functionName))];
    const executionRoleArn = roleArn({
      ...props.accountAndRegion,
      path: props.rolePath,
      roleName: roleNameOf(props),
    });
    this.secretKeyStatementsToAdd = props.secretKeys.map((key) => ({
      kmsKeyArn: key.kmsKeyArn,
      statement: exporterDecryptsClientSecrets(key, props.accountAndRegion, executionRoleArn),
    }));
  }

  protected createLogGroup(props: ExporterFunctionProps): CloudwatchLogGroup {
    return addressed(
      new CloudwatchLogGroup(this, "log-group", {
        name: logGroupNameOf(props.functionName),
        retentionInDays: props.logRetentionDays ?? EXPORTER_OPTIONS.logRetentionDays.default,
        ...given({ kmsKeyId: props.kmsKeyArn }),
      }),
    );
  }

  protected createRole(props: ExporterFunctionProps): IamRole {
    return addressed(
      new IamRole(this, "role", {
        name: roleNameOf(props),
        description: "The exporter runs with this role",
        assumeRolePolicy: policyDocument([lambdaAssumesRole()]),
        ...roleArguments(props),
      }),
    );
  }

  protected createPolicy(props: ExporterFunctionProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "export-events",
        role: role.name,
        policy: policyDocument(
          executionStatements({
            accountAndRegion: props.accountAndRegion,
            functionName: props.functionName,
            secretArns: props.tenants.map((tenant) => tenant.secretArn),
            secretKeys: props.secretKeys,
            providerRoleArn: props.lake.roleArn,
            externalId: props.lake.externalId,
            tableArn: props.table.tableArn,
            deadLetterQueueArn: props.deadLetterQueue.queueArn,
            kmsKeyArn: props.kmsKeyArn,
            tracing: props.tracing ?? EXPORTER_OPTIONS.tracing.default,
            vpc: props.vpc !== undefined,
          }),
        ),
      }),
    );
  }

  protected createFunction(
    props: ExporterFunctionProps,
    environment: Record<string, string>,
    role: IamRole,
    policy: IamRolePolicy,
    logGroup: CloudwatchLogGroup,
  ): LambdaFunction {
    const bundle = new TerraformAsset(this, "bundle", { path: props.bundle.zipPath, type: AssetType.FILE });
    return addressed(
      new LambdaFunction(this, "lambda", {
        functionName: props.functionName,
        description: "Exports new account scoring events from Vectra to Amazon Security Lake",
        // Relative to the module, because a child module's working directory is its parent's.
        filename: `\${path.module}/${bundle.path}`,
        sourceCodeHash: props.bundle.sourceCodeHash,
        runtime: "nodejs24.x",
        architectures: [props.architecture ?? EXPORTER_OPTIONS.architecture.default],
        handler: "index.handler",
        memorySize: props.memorySize ?? EXPORTER_OPTIONS.memorySize.default,
        timeout: props.timeoutSeconds ?? EXPORTER_OPTIONS.timeoutSeconds.default,
        role: role.arn,
        environment: { variables: environment },
        // Text: Powertools already prints one JSON object a line, and text stores each line as it is printed.
        // With "JSON", Lambda would parse the lines to filter them by level, and a level above INFO would
        // silence the metrics, which are lines without one.
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
        ...given({
          kmsKeyArn: props.kmsKeyArn,
          reservedConcurrentExecutions: props.reservedConcurrentExecutions,
          tracingConfig: (props.tracing ?? EXPORTER_OPTIONS.tracing.default) ? { mode: "Active" } : undefined,
          vpcConfig:
            props.vpc === undefined
              ? undefined
              : {
                  subnetIds: [...props.vpc.subnetIds],
                  securityGroupIds: [...props.vpc.securityGroupIds],
                },
        }),
        deadLetterConfig: { targetArn: props.deadLetterQueue.queueArn },
        // Lambda checks at creation that the role may send to the dead-letter queue, and a function without
        // its policy would fail its first runs.
        dependsOn: [policy, props.deadLetterQueue.queue],
      }),
    );
  }

  /** No retries: the next tick continues where this run stopped. */
  protected createInvokeConfig(lambda: LambdaFunction): LambdaFunctionEventInvokeConfig {
    return addressed(
      new LambdaFunctionEventInvokeConfig(this, "invoke-config", {
        functionName: lambda.functionName,
        maximumRetryAttempts: 0,
        maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS,
      }),
    );
  }

  /** Tokens other than secrets count as empty, so this is the minimum size of the environment. */
  private checkEnvironment(tenants: readonly TenantSettings[], environment: Record<string, string>): void {
    const literals = Object.entries(environment)
      .flat()
      .flatMap((text) => Tokenization.reverseString(text).literals.map(String))
      .reduce((bytes, literal) => bytes + Buffer.byteLength(literal), 0);
    const secrets =
      tenants.filter((tenant) => Token.isUnresolved(tenant.secretArn)).length * MIN_SECRET_ARN_BYTES;
    if (literals + secrets > ENVIRONMENT_BYTES) {
      refuse(
        this,
        "tenants",
        `a list of ${tenants.length}`,
        `must fit the ${ENVIRONMENT_BYTES} bytes of Lambda's environment, and takes at least ${literals + secrets}`,
        "Divide the tenants between two exporters.",
      );
    }
  }
}

function roleNameOf({ functionName }: ExporterFunctionProps): string {
  return `${functionName}-execution`;
}

/** The function's whole environment, with which `functions/security-lake-exporter` finds everything else. */
function environmentVariables(props: ExporterFunctionProps): Record<string, string> {
  return {
    [ENVIRONMENT.tenants]: JSON.stringify(props.tenants),
    [ENVIRONMENT.checkpointTable]: props.table.tableName,
    [ENVIRONMENT.lakeLocation]: props.lake.location,
    [ENVIRONMENT.lakeRegion]: props.lake.region,
    [ENVIRONMENT.lakeRoleArn]: props.lake.roleArn,
    [ENVIRONMENT.lakeExternalId]: props.lake.externalId,
    POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: props.logLevel ?? EXPORTER_OPTIONS.logLevel.default,
  };
}

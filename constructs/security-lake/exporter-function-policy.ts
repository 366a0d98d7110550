import { type AccountAndRegion, functionArn, logGroupArn } from "../../facts/arn.js";
import type { PolicyStatement } from "../iam/policy.js";
import { keepCheckpoints } from "./checkpoint-table-policy.js";
import type { ClientSecretKey } from "./client-secret-keys.js";
import { decryptClientSecrets, readClientSecrets } from "./client-secret-policy.js";
import { sendDeadLetters } from "./dead-letter-queue-policy.js";

/** The function's log group; its name is Lambda's own. */
export function logGroupNameOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Only Lambda may assume the role. */
export function lambdaAssumesRole(): PolicyStatement {
  return {
    Sid: "LambdaAssumesRole",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
}

/** Calls the function: for the scheduler and for the backfills' state machine. */
export function invokeExporter(functionArn: string): PolicyStatement {
  return { Sid: "InvokeExporter", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn };
}

/** Everything that the function calls, and Lambda on its behalf. */
interface ExecutionAccess {
  readonly accountAndRegion: AccountAndRegion;
  readonly functionName: string;
  readonly secretArns: readonly string[];
  /** Customer keys of the tenants' secrets, other than `kmsKeyArn`. */
  readonly secretKeys: readonly ClientSecretKey[];
  readonly providerRoleArn: string;
  readonly externalId: string;
  readonly tableArn: string;
  readonly deadLetterQueueArn: string;
  readonly kmsKeyArn: string | undefined;
  readonly tracing: boolean;
  readonly vpc: boolean;
}

/** Exactly the calls that the function makes, and Lambda on its behalf. */
export function executionStatements(access: ExecutionAccess): PolicyStatement[] {
  const { accountAndRegion, functionName, kmsKeyArn } = access;
  return [
    readClientSecrets(access.secretArns),
    ...access.secretKeys.map((key, index) => decryptClientSecrets(key, accountAndRegion, index + 1)),
    assumeProviderRole(access.providerRoleArn, access.externalId),
    keepCheckpoints(access.tableArn),
    writeLogs(logGroupArn(accountAndRegion, logGroupNameOf(functionName))),
    sendDeadLetters(access.deadLetterQueueArn),
    ...(kmsKeyArn === undefined ? [] : [useKey(kmsKeyArn)]),
    ...(access.tracing ? [sendTraces()] : []),
    ...(access.vpc
      ? [keepNetworkInterfaces(), codeKeepsOff(functionArn(accountAndRegion, functionName))]
      : []),
  ];
}

/** Only the provider role, not this one, may write to the lake. */
function assumeProviderRole(roleArn: string, externalId: string): PolicyStatement {
  return {
    Sid: "AssumeProviderRole",
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: roleArn,
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
}

/** Not `logs:CreateLogGroup`: the group is declared, with its retention. */
function writeLogs(logGroup: string): PolicyStatement {
  return {
    Sid: "WriteLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${logGroup}:*`,
  };
}

/**
 * Decrypt: secrets, table, environment, queue. GenerateDataKey: the queue, whose sender encrypts. The table's
 * own data keys come from grants that DynamoDB receives when the table is created.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
function useKey(kmsKeyArn: string): PolicyStatement {
  return {
    Sid: "UseKey",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: kmsKeyArn,
  };
}

/**
 * These actions do not support resource-level permissions.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
function sendTraces(): PolicyStatement {
  return {
    Sid: "SendTraces",
    Effect: "Allow",
    Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    Resource: "*",
  };
}

/** What Lambda does with this role to reach a VPC; the interfaces do not exist yet, so they cannot be named. */
const NETWORK_INTERFACE_ACTIONS: readonly string[] = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function keepNetworkInterfaces(): PolicyStatement {
  return {
    Sid: "KeepNetworkInterfaces",
    Effect: "Allow",
    Action: NETWORK_INTERFACE_ACTIONS,
    Resource: "*",
  };
}

/**
 * Those actions are for Lambda, not for the function's own code, whose calls carry the function's ARN.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function codeKeepsOff(functionArn: string): PolicyStatement {
  return {
    Sid: "CodeKeepsOffNetworkInterfaces",
    Effect: "Deny",
    Action: NETWORK_INTERFACE_ACTIONS,
    Resource: "*",
    Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
export function logsUseKey(accountAndRegion: AccountAndRegion, logGroupName: string): PolicyStatement {
  return {
    Sid: "CloudWatchLogsUsesKey",
    Effect: "Allow",
    Principal: { Service: `logs.${accountAndRegion.region}.amazonaws.com` },
    Action: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    Resource: "*",
    Condition: {
      ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn(accountAndRegion, logGroupName) },
    },
  };
}

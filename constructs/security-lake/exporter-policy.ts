import type { PolicyStatement } from "../iam/policy.js";
import { functionArn, type Home, logGroupArn } from "./arn.js";
import { decryptClientSecrets } from "./client-secret-keys.js";
import type { ExporterFunctionProps } from "./exporter-function.js";

/** The function's log group; its name is Lambda's own. */
export function logGroupNameOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Lambda alone runs the function. */
export function lambdaAssumesRole(): PolicyStatement {
  return {
    Sid: "LambdaAssumesRole",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
}

/** Exactly the calls that the function makes, and Lambda on its behalf. */
export function executionStatements(props: ExporterFunctionProps): PolicyStatement[] {
  return [
    readClientSecrets(props.tenants.map((tenant) => tenant.secretArn)),
    ...props.secretKeys.map((key, index) => decryptClientSecrets(key, props.home, index + 1)),
    assumeProviderRole(props.lake.roleArn, props.lake.externalId),
    keepCheckpoints(props.table.tableArn),
    writeLogs(logGroupArn(props.home, logGroupNameOf(props.functionName))),
    sendDeadLetters(props.deadLetterQueue.queueArn),
    ...(props.kmsKeyArn === undefined ? [] : [useKey(props.kmsKeyArn)]),
    ...(props.tracing ? [sendTraces()] : []),
    ...(props.vpc === undefined
      ? []
      : [keepNetworkInterfaces(), codeKeepsOff(functionArn(props.home, props.functionName))]),
  ];
}

function readClientSecrets(secretArns: readonly string[]): PolicyStatement {
  return {
    Sid: "ReadClientSecrets",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: secretArns,
  };
}

/** Writing to the lake is the provider role's right, not this one's. */
function assumeProviderRole(roleArn: string, externalId: string): PolicyStatement {
  return {
    Sid: "AssumeProviderRole",
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: roleArn,
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
}

function keepCheckpoints(table: string): PolicyStatement {
  return {
    Sid: "KeepCheckpoints",
    Effect: "Allow",
    Action: ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    Resource: table,
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

function sendDeadLetters(queue: string): PolicyStatement {
  return { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };
}

/**
 * Decrypt: secrets, table, environment, queue. GenerateDataKey: the queue, whose sender encrypts. The table's
 * own data keys come from grants that DynamoDB gets when the table is made.
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
 * X-Ray knows no resources in these actions.
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

/** What Lambda does as this role to reach a VPC; the interfaces do not exist yet, so they cannot be named. */
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
 * Those actions are for Lambda, never for the code in the function: calls of the code carry its ARN.
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
export function logsUseKey(home: Home, logGroupName: string): PolicyStatement {
  return {
    Sid: "CloudWatchLogsUsesKey",
    Effect: "Allow",
    Principal: { Service: `logs.${home.region}.amazonaws.com` },
    Action: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    Resource: "*",
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn(home, logGroupName) } },
  };
}

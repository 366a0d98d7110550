import { TerraformStack, Testing } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  CustomSource,
  type CustomSourceAttributes,
  type ExporterProps,
} from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import { existingSource, PROVIDER_ROLE, requiredProps, synthExporter, VPC } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Exporter, as it is checked", () => {
  it.each<[string, Partial<ExporterProps>, RegExp]>([
    ["a name of 41 characters", { name: "x".repeat(41) }, /name is "x{41}".*1 to 40/],
    ["a name with a dot", { name: "a.b" }, /name is "a.b"/],
    ["a short account", { accountId: "3" }, /accountId is "3"/],
    ["an availability zone", { region: "eu-west-1a" }, /region is "eu-west-1a": must be an AWS region/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
    ["too little memory", { memorySize: 64 }, /memorySize is 64: must be .*128 to 10240/],
    ["too short a run", { timeoutSeconds: 59 }, /timeoutSeconds is 59: must be .*60 to 900.*last 30 seconds/],
    ["too long a run", { timeoutSeconds: 901 }, /timeoutSeconds is 901: must be .*60 to 900/],
    ["a retention that CloudWatch lacks", { logRetentionDays: 100 }, /logRetentionDays is 100.*90, 120/],
    ["an alarm action that is no topic", { alarmActions: ["mail"] }, /alarmActions\[0\] is "mail"/],
    ["an interval instead of a schedule", { schedule: "5 minutes" }, /schedule is "5 minutes"/],
    ["a plural of one", { schedule: "rate(1 minutes)" }, /schedule is "rate\(1 minutes\)".*rate of one/],
    ["a cron of five fields", { schedule: "cron(0/5 * * * *)" }, /schedule is "cron.*six fields/],
    [
      "a rate of an hour",
      { schedule: "rate(1 hour)" },
      /schedule is "rate\(1 hour\)": runs must be at most 15 minutes apart/,
    ],
    ["a rate of 16 minutes", { schedule: "rate(16 minutes)" }, /schedule is "rate\(16 minutes\)"/],
    ["an unknown processor", { architecture: "arm" as "arm64" }, /architecture is "arm".*arm64, x86_64/],
    ["an unknown log level", { logLevel: "LOUD" as "INFO" }, /logLevel is "LOUD".*DEBUG, INFO, WARN, ERROR/],
    ["no concurrency at all", { reservedConcurrentExecutions: 0 }, /reservedConcurrentExecutions is 0.*1 to/],
    ["a boundary that is a role", { permissionsBoundary: PROVIDER_ROLE }, /permissionsBoundary is "arn:aws/],
    ["a key's alias", { kmsKeyArn: "alias/x" }, /kmsKeyArn is "alias\/x"/],
    [
      "a key of another region",
      { kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1" },
      /kmsKeyArn is .*the key is in us-east-1, but what it encrypts is in eu-west-1\. Use a key in eu-west-1/,
    ],
    [
      "a boundary of another account",
      { permissionsBoundary: "arn:aws:iam::999999999999:policy/bounds" },
      /permissionsBoundary is .*the policy is in account 999999999999, but the role is in 333333333333\. Use/,
    ],
    [
      "an alarm topic of another region",
      { alarmActions: ["arn:aws:sns:us-east-1:333333333333:alarms"] },
      /alarmActions\[0\] is .*the topic is in us-east-1, but the alarms are in eu-west-1/,
    ],
    ["no subnet", { vpc: { ...VPC, subnetIds: [] } }, /vpc.subnetIds is \[\]: must not be empty/],
    [
      "a subnet's name",
      { vpc: { ...VPC, subnetIds: ["a"] } },
      /vpc.subnetIds\[0\] is "a": must be a subnet ID/,
    ],
    ["no security group", { vpc: { ...VPC, securityGroupIds: [] } }, /vpc.securityGroupIds is \[\]/],
    [
      "a security group's name",
      { vpc: { ...VPC, securityGroupIds: ["default"] } },
      /vpc.securityGroupIds\[0\] is "default"/,
    ],
    ["a lag below a minute", { lagThresholdSeconds: 30 }, /lagThresholdSeconds is 30.*60 to 604800/],
    ["no tenant", { tenants: [] }, /tenants is \[\]: must not be empty. Name at least one/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it.each<[string, Partial<CustomSourceAttributes>, RegExp]>([
    ["a location outside ext/", { location: "s3://bucket/aws/x/" }, /location is "s3:\/\/bucket\/aws\/x\/"/],
    ["a wrong region", { region: "Ireland" }, /region is "Ireland"/],
    ["a role's name", { providerRoleArn: "provider" }, /providerRoleArn is "provider"/],
    ["an External ID of one character", { externalId: "x" }, /externalId is "x".*2 to 1224/],
  ])("cannot be given a custom source with %s", (_, attributes, message) => {
    expect(() => existingSource(attributes)).toThrow(message);
  });

  it("refuses a source that another stack creates, because its location is known to Terraform alone", () => {
    const other = new TerraformStack(Testing.app(), "lake");
    const customSource = new CustomSource(other, "custom-source", {
      sourceName: "vectra-cdr",
      providerAccountId: "333333333333",
      externalId: "0123456789abcdef",
      accountId: "333333333333",
      crawlerRoleName: "crawler",
      lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
    });
    expect(() => synth({ customSource })).toThrow(
      /^lake\/custom-source: location is a token: must be known when the stack is synthesized: stack\/exporter uses it/,
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import type { Construct } from "constructs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as cloudTrail from "../../constructs/cloudtrail/index.js";
import * as iam from "../../constructs/iam/index.js";
import * as network from "../../constructs/network/index.js";
import * as securityLake from "../../constructs/security-lake/index.js";

type Props = Readonly<Record<string, unknown>>;

/** A public construct with every prop that is a string, and the props that decide which resources or blocks there are. */
interface Case {
  readonly create: (stack: TerraformStack, props: Props) => unknown;
  /** A value for every required prop, and for every other one that is a string. */
  readonly props: (stack: TerraformStack) => Props;
  /** Props that are booleans, lists or objects. */
  readonly structural: readonly string[];
}

const KEY_ARN = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555";
const here = { accountId: "222222222222", region: "eu-west-1", partition: "aws" };
let zipPath: string;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "tokens-"));
  zipPath = join(directory, "exporter.zip");
  writeFileSync(zipPath, "zip");
});
afterAll(() => rmSync(directory, { recursive: true }));

const keyOf = (stack: TerraformStack) =>
  cloudTrail.LogKey.fromLogKeyAttributes(stack, "some-key", { keyArn: KEY_ARN });
const bucketOf = (stack: TerraformStack) =>
  cloudTrail.LogBucket.fromLogBucketAttributes(stack, "some-bucket", { ...here, bucketName: "acme-logs" });
const topicOf = (stack: TerraformStack) =>
  cloudTrail.NotificationTopic.fromNotificationTopicAttributes(stack, "some-topic", {
    topicArn: "arn:aws:sns:eu-west-1:222222222222:logs",
  });
const sourceAttributes = {
  location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/",
  providerRoleArn: "arn:aws:iam::222222222222:role/provider",
  externalId: "0123456789abcdef",
  eventClass: "SECURITY_FINDING",
  ...here,
};

/** A construct class as it is called here: props that TypeScript would not let through are the point. */
function construct(
  type: new (scope: Construct, id: string, props: never) => unknown,
): (stack: TerraformStack, props: Props) => unknown {
  return (stack, props) => new type(stack, "it", props as never);
}

const CASES: Readonly<Record<string, Case>> = {
  AccountConnection: {
    create: construct(cloudTrail.AccountConnection),
    props: () => ({
      ...here,
      name: "vectra-cdr",
      bucketName: "acme-logs",
      vectraAccountId: "999999999999",
      externalId: "external",
    }),
    structural: ["retain", "events"],
  },
  LogKey: {
    create: construct(cloudTrail.LogKey),
    props: () => ({ ...here, aliasName: "logs" }),
    structural: ["retain"],
  },
  LogBucket: {
    create: construct(cloudTrail.LogBucket),
    props: (stack) => ({ ...here, bucketName: "acme-logs", keyPrefix: "audit", key: keyOf(stack) }),
    structural: ["retain", "objectLock", "accessLogs"],
  },
  NotificationTopic: {
    create: construct(cloudTrail.NotificationTopic),
    props: (stack) => ({ ...here, topicName: "logs", key: keyOf(stack) }),
    structural: ["key"],
  },
  Trail: {
    create: construct(cloudTrail.Trail),
    props: (stack) => ({
      ...here,
      trailName: "vectra-cdr",
      trailAccountId: "111111111111",
      organizationId: "o-a1b2c3d4e5",
      bucket: bucketOf(stack),
      key: keyOf(stack),
      topic: topicOf(stack),
    }),
    structural: ["multiRegion", "events", "events.s3DataEvents", "insights", "logGroup", "dependsOn"],
  },
  TrailLogGroup: {
    create: construct(cloudTrail.TrailLogGroup),
    props: () => ({
      ...here,
      logGroupName: "trail",
      roleName: "trail",
      trailAccountId: "111111111111",
      organizationId: "o-a1b2c3d4e5",
      kmsKeyArn: KEY_ARN,
      path: "/audit/",
      permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary",
    }),
    structural: ["retain"],
  },
  S3Notification: {
    create: construct(cloudTrail.S3Notification),
    props: (stack) => ({
      bucket: bucketOf(stack),
      topic: topicOf(stack),
      logAccountIds: ["111111111111"],
      organizationId: "o-a1b2c3d4e5",
      notificationId: "vectra",
      currentNotifications: {},
    }),
    structural: ["logAccountIds", "withdrawn", "currentNotifications", "currentNotifications.topics"],
  },
  VectraRole: {
    create: construct(cloudTrail.VectraRole),
    props: (stack) => ({
      roleName: "vectra",
      accountId: "222222222222",
      vectraAccountId: "999999999999",
      externalId: "external",
      vectraPrincipalArn: "arn:aws:iam::999999999999:role/collector",
      path: "/audit/",
      permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary",
      partition: "aws",
      bucket: bucketOf(stack),
      key: keyOf(stack),
      topic: topicOf(stack),
    }),
    structural: [
      ...["iamContext", "listLogsOnly", "readDigests", "readInsights"],
      ...["perimeterTags", "policyStatements", "subscription", "subscription.protocols"],
    ],
  },
  "LogBucket.fromLogBucketAttributes": {
    create: (stack, props) => cloudTrail.LogBucket.fromLogBucketAttributes(stack, "it", props as never),
    props: () => ({ ...here, bucketName: "acme-logs", keyPrefix: "audit" }),
    structural: ["policy", "policy.currentStatements"],
  },
  "LogKey.fromLogKeyAttributes": {
    create: (stack, props) => cloudTrail.LogKey.fromLogKeyAttributes(stack, "it", props as never),
    props: () => ({ keyArn: KEY_ARN, partition: "aws" }),
    structural: ["policy", "policy.currentStatements"],
  },
  "NotificationTopic.fromNotificationTopicAttributes": {
    create: (stack, props) =>
      cloudTrail.NotificationTopic.fromNotificationTopicAttributes(stack, "it", props as never),
    props: () => ({ topicArn: "arn:aws:sns:eu-west-1:222222222222:logs", partition: "aws" }),
    structural: ["key", "policy", "policy.currentStatements"],
  },
  "VectraRole.fromVectraRoleArn": {
    create: (stack, { roleArn, ...connection }) =>
      cloudTrail.VectraRole.fromVectraRoleArn(stack, "it", String(roleArn), connection as never),
    props: (stack) => ({
      roleArn: "arn:aws:iam::222222222222:role/vectra",
      vectraAccountId: "999999999999",
      externalId: "external",
      bucket: bucketOf(stack),
    }),
    structural: ["iamContext", "subscription"],
  },
  StsTokens: {
    create: construct(iam.StsTokens),
    props: () => ({ partition: "aws" }),
    structural: [],
  },
  BrainEgress: {
    create: construct(network.BrainEgress),
    props: () => ({ name: "brain", regions: ["eu"] }),
    structural: ["regions", "securityGroupIds", "networkFirewall"],
  },
  CustomSource: {
    create: construct(securityLake.CustomSource),
    props: () => ({
      ...here,
      sourceName: "vectra-cdr",
      providerAccountId: "222222222222",
      externalId: "0123456789abcdef",
      crawlerRoleName: "crawler",
      crawlerRolePath: "/audit/",
      permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary",
      lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
      kmsKeyArn: KEY_ARN,
    }),
    structural: ["eventClasses", "retain"],
  },
  "CustomSource.fromCustomSourceAttributes": {
    create: (stack, props) =>
      securityLake.CustomSource.fromCustomSourceAttributes(stack, "it", props as never),
    props: () => ({ ...sourceAttributes, kmsKeyArn: KEY_ARN }),
    structural: ["table"],
  },
  Exporter: {
    create: construct(securityLake.Exporter),
    props: (stack) => ({
      ...here,
      name: "vectra-exporter",
      bundle: { zipPath, sourceCodeHash: "aGFzaA==" },
      tenants: [{ name: "acme", url: "https://1.uw2.portal.vectra.ai", partitionAccountId: "222222222222" }],
      customSource: securityLake.CustomSource.fromCustomSourceAttributes(stack, "source", sourceAttributes),
      schedule: "rate(5 minutes)",
      rolePath: "/audit/",
      permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary",
      kmsKeyArn: KEY_ARN,
    }),
    structural: [
      ...["tenants", "bundle", "vpc", "vpc.subnetIds", "alarmActions", "athenaQueries", "backfill"],
      ...["tracing", "deletionProtection", "dashboard", "savedQueries", "retain"],
    ],
  },
};

/** What is exported and creates something. */
const PUBLIC_CONSTRUCTS = [cloudTrail, iam, network, securityLake].flatMap((family) =>
  Object.entries(family)
    .filter(([name, value]) => typeof value === "function" && /^[A-Z]/.test(name) && name !== "PropError")
    .map(([name]) => name),
);

function newStack(): TerraformStack {
  return new TerraformStack(Testing.app(), "stack");
}

/** Props with a value at a path of one or two steps. */
function withValue(props: Props, path: string, value: unknown): Props {
  const [first = "", second] = path.split(".");
  const inner = props[first] as Props | undefined;
  return { ...props, [first]: second === undefined ? value : { ...inner, [second]: value } };
}

const variableOf = (stack: TerraformStack, type: string) => new TerraformVariable(stack, "token", { type });

describe("Tokens", () => {
  it("are tried with every public construct", () => {
    const tried = new Set(Object.keys(CASES).map((name) => name.split(".")[0]));
    expect([...tried].toSorted()).toEqual([...PUBLIC_CONSTRUCTS].toSorted());
  });

  describe.each(Object.entries(CASES))("in %s", (_, { create, props, structural }) => {
    const strings = Object.entries(props(newStack()))
      .filter(([, value]) => typeof value === "string")
      .map(([name]) => name);

    it.each(strings)("are taken for the string %s", (name) => {
      const stack = newStack();
      const token = variableOf(stack, "string").stringValue;
      expect(() => create(stack, withValue(props(stack), name, token))).not.toThrow();
    });

    it.each(structural.length === 0 ? [["(none)"]] : structural.map((name) => [name]))(
      "are refused with the reason for the boolean, list or object %s",
      (name) => {
        if (structural.length === 0) {
          return;
        }
        for (const token of [
          (stack: TerraformStack) => variableOf(stack, "bool").booleanValue,
          (stack: TerraformStack) => variableOf(stack, "list(string)").listValue,
          (stack: TerraformStack) => [...variableOf(stack, "list(string)").listValue, "one more"],
          (stack: TerraformStack) => variableOf(stack, "any").value,
        ]) {
          const stack = newStack();
          expect(() => create(stack, withValue(props(stack), name, token(stack)))).toThrow(
            `${name} is a token: must be known when the stack is synthesized: it determines which resources exist, and Terraform resolves tokens later` +
              ". Pass the value itself.",
          );
        }
      },
    );
  });

  it("are refused for a region of the Brain, whose hosts are looked up when the stack is synthesized", () => {
    const stack = newStack();
    const regions = [variableOf(stack, "string").stringValue];
    expect(() => new network.BrainEgress(stack, "it", { name: "brain", regions: regions as never })).toThrow(
      "regions[0] is a token: must be known when the stack is synthesized: Vectra's table has hosts and addresses by region. Pass the value itself.",
    );
  });
});

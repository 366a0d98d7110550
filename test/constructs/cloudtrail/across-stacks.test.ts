import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ILogBucket,
  type ILogKey,
  type INotificationTopic,
  LogBucket,
  LogKey,
  NotificationTopic,
  S3Notification,
  Trail,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { variable } from "../variable.js";
import { vectraForOrganization } from "./readme-organization.js";

const ARCHIVE = { accountId: "222222222222", region: "eu-west-1" };
const MEMBER = { accountId: "444444444444", region: "eu-west-1" };

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "across-stacks-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function stackOf(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

interface Parts {
  readonly key: ILogKey;
  readonly bucket: ILogBucket;
  readonly topic: INotificationTopic;
}

/** Key, bucket and topic in one stack. */
function archive(
  app: App,
  names: { bucketName?: string; aliasName?: string; topicName?: string } = {},
): Parts {
  const stack = stackOf(app, "log-archive");
  const { bucketName = "acme-logs", aliasName = "logs", topicName = "logs" } = names;
  const key = new LogKey(stack, "log-key", { ...ARCHIVE, aliasName });
  return {
    key,
    bucket: new LogBucket(stack, "log-bucket", { ...ARCHIVE, bucketName, key }),
    topic: new NotificationTopic(stack, "topic", { ...ARCHIVE, topicName, key }),
  };
}

/** Terraform JSON of every stack, by its id. */
function synthesize(build: (app: App) => void): Record<string, string> {
  const outdir = mkdtempSync(join(directory, "out-"));
  const app = new App({ outdir, stackTraces: false });
  build(app);
  app.synth();
  const stacks = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(stacks).map((id) => [id, readFileSync(join(stacks, id, "cdk.tf.json"), "utf8")]),
  );
}

/** Addresses that a stack defines. */
function definedIn(text: string): Set<string> {
  const { resource = {}, data = {} } = JSON.parse(text) as Record<string, Record<string, object>>;
  const addresses = (blocks: Record<string, object>, prefix = "") =>
    Object.entries(blocks).flatMap(([type, byName]) =>
      Object.keys(byName).map((name) => `${prefix}${type}.${name}`),
    );
  return new Set([...addresses(resource), ...addresses(data, "data.")]);
}

/** Addresses that a stack refers to, in expressions and in `depends_on`. */
function referredToIn(text: string): string[] {
  const inExpressions = [...text.matchAll(/\$\{[^}]*?((?:data\.)?aws_[a-z0-9_]+\.[A-Za-z0-9_-]+)/g)];
  const inDependsOn = [...text.matchAll(/"depends_on": \[([^\]]*)\]/g)].flatMap(([, list = ""]) => [
    ...list.matchAll(/"([^"]+)"/g),
  ]);
  return [...inExpressions, ...inDependsOn].map(([, address = ""]) => address);
}

function expectNothingAcross(stacks: Record<string, string>): void {
  for (const [id, text] of Object.entries(stacks)) {
    expect(text, id).not.toContain("terraform_remote_state");
    expect(text, id).not.toContain("cross-stack-output");
    const defined = definedIn(text);
    expect(
      referredToIn(text).filter((address) => !defined.has(address)),
      id,
    ).toEqual([]);
  }
}

describe("GIVEN constructs in several stacks", () => {
  it("THEN no stack of an organization refers to another, depends on its resources or reads its state", () => {
    const zipPath = join(directory, "exporter.zip");
    writeFileSync(zipPath, "zip");
    const stacks = synthesize((app) => vectraForOrganization(app, { zipPath, sourceCodeHash: "aGFzaA==" }));

    expect(Object.keys(stacks)).toEqual(["log-archive", "management", "security-lake"]);
    expectNothingAcross(stacks);
    // Within a stack there are references and orders to look at.
    expect(referredToIn(stacks["log-archive"] ?? "")).toContain("aws_kms_key.log-key_key");
    expect(referredToIn(stacks["management"] ?? "")).toEqual(["data.aws_kms_key.log-key"]);
  });

  it("WHEN every member has its trail THEN each looks the key up, and the policies name each trail", () => {
    const stacks = synthesize((app) => {
      const parts = archive(app);
      for (const accountId of ["444444444444", "555555555555"]) {
        const stack = stackOf(app, `member-${accountId}`);
        new Trail(stack, "trail", { trailName: "vectra-cdr", accountId, region: "eu-west-1", ...parts });
      }
    });
    expectNothingAcross(stacks);
    for (const accountId of ["444444444444", "555555555555"]) {
      const { data, resource } = JSON.parse(stacks[`member-${accountId}`] ?? "");
      expect(data.aws_kms_key["log-key"]).toMatchObject({
        key_id: "arn:aws:kms:eu-west-1:222222222222:alias/logs",
      });
      expect(resource.aws_cloudtrail.trail_trail).toMatchObject({
        s3_bucket_name: "acme-logs",
        kms_key_id: "${data.aws_kms_key.log-key.arn}",
        sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:logs",
      });
      expect(resource.aws_cloudtrail.trail_trail).not.toHaveProperty("depends_on");
    }
    const { resource } = JSON.parse(stacks["log-archive"] ?? "");
    const trails = [
      "arn:aws:cloudtrail:eu-west-1:444444444444:trail/vectra-cdr",
      "arn:aws:cloudtrail:eu-west-1:555555555555:trail/vectra-cdr",
    ];
    for (const policy of [
      resource.aws_s3_bucket_policy["log-bucket_policy"].policy,
      resource.aws_kms_key["log-key_key"].policy,
      resource.aws_sns_topic_policy.topic_policy.policy,
    ]) {
      expect(policy).toContain(`"aws:SourceArn":${JSON.stringify(trails)}`);
    }
    expect(JSON.parse(resource.aws_kms_key["log-key_key"].policy).Statement.at(-1)).toEqual({
      Sid: "AccountsDescribeKey",
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::444444444444:root", "arn:aws:iam::555555555555:root"] },
      Action: "kms:DescribeKey",
      Resource: "*",
    });
  });

  it("WHEN several trails of a stack share a key THEN it is looked up once, beside a construct of its id", () => {
    const { member = "" } = synthesize((app) => {
      const parts = archive(app);
      const stack = stackOf(app, "member");
      new LogKey(stack, "log-key", { ...MEMBER, aliasName: "own" });
      for (const id of ["one", "two"]) {
        new Trail(stack, id, { trailName: `trail-${id}`, ...MEMBER, ...parts });
      }
    });
    expect(Object.keys(JSON.parse(member).data.aws_kms_key)).toEqual(["log-key"]);
  });

  it("WHEN Vectra's role is in another account than the bucket THEN the bucket lets it read, too", () => {
    const stacks = synthesize((app) => {
      const parts = archive(app);
      new VectraRole(stackOf(app, "reader"), "vectra-role", {
        roleName: "vectra",
        accountId: MEMBER.accountId,
        vectraAccountId: "999999999999",
        externalId: "external",
        ...parts,
      });
    });
    expectNothingAcross(stacks);
    const { resource } = JSON.parse(stacks["log-archive"] ?? "");
    const role = '"aws:PrincipalArn":["arn:aws:iam::444444444444:role/vectra"]';
    expect(resource.aws_s3_bucket_policy["log-bucket_policy"].policy).toContain(role);
    expect(resource.aws_kms_key["log-key_key"].policy).toContain(role);
    expect(resource.aws_sns_topic_policy.topic_policy.policy).toContain("arn:aws:iam::999999999999:root");
    const own = JSON.parse(stacks["reader"] ?? "").resource.aws_iam_role_policy["vectra-role_policy"].policy;
    expect(own).toContain('"arn:aws:s3:::acme-logs/AWSLogs/*/CloudTrail/*"');
    expect(own).toContain('"${data.aws_kms_key.log-key.arn}"');
  });

  it("WHEN the bucket's notifications are in another stack THEN they name bucket and topic", () => {
    const stacks = synthesize((app) => {
      const { bucket, topic } = archive(app);
      new S3Notification(stackOf(app, "notifications"), "notification", {
        bucket,
        topic,
        logAccountIds: ["111111111111"],
      });
    });
    expectNothingAcross(stacks);
    expect(
      JSON.parse(stacks["notifications"] ?? "").resource.aws_s3_bucket_notification.notification_notification,
    ).toMatchObject({
      bucket: "acme-logs",
      topic: [{ topic_arn: "arn:aws:sns:eu-west-1:222222222222:logs" }],
    });
    expect(
      JSON.parse(stacks["log-archive"] ?? "").resource.aws_sns_topic_policy.topic_policy.policy,
    ).toContain('"aws:SourceArn":["arn:aws:s3:::acme-logs"],"aws:SourceAccount":["222222222222"]');
  });

  it.each<[string, (app: App) => unknown, RegExp]>([
    [
      "a bucket's name that Terraform resolves",
      (app) => {
        const elsewhere = stackOf(app, "variables");
        const parts = archive(app, { bucketName: variable(elsewhere, "bucket") });
        return new Trail(stackOf(app, "m"), "trail", { trailName: "trail", ...MEMBER, ...parts });
      },
      /^log-archive\/log-bucket: bucketName is a token: must be known when the stack is synthesized: m\/trail uses it, and no stack reads the state of another\. Pass the value itself/,
    ],
    [
      "a key's alias that Terraform resolves",
      (app) => {
        const elsewhere = stackOf(app, "variables");
        const parts = archive(app, { aliasName: variable(elsewhere, "alias") });
        return new Trail(stackOf(app, "m"), "trail", { trailName: "trail", ...MEMBER, ...parts });
      },
      /^log-archive\/log-key: aliasName is a token/,
    ],
    [
      "a topic's name that Terraform resolves",
      (app) => {
        const elsewhere = stackOf(app, "variables");
        const parts = archive(app, { topicName: variable(elsewhere, "topic") });
        return new Trail(stackOf(app, "m"), "trail", { trailName: "trail", ...MEMBER, ...parts });
      },
      /^log-archive\/topic: topicName is a token/,
    ],
    [
      "a trail's name that Terraform resolves",
      (app) => {
        const stack = stackOf(app, "m");
        return new Trail(stack, "trail", {
          trailName: variable(stack, "trail_name"),
          ...MEMBER,
          ...archive(app),
        });
      },
      /^m\/trail: trailName is a token: must be known when the stack is synthesized: log-archive\/log-bucket uses it/,
    ],
    [
      "a role's account that Terraform resolves",
      (app) => {
        const stack = stackOf(app, "m");
        return new VectraRole(stack, "role", {
          roleName: "vectra",
          accountId: variable(stack, "account"),
          vectraAccountId: "999999999999",
          externalId: "external",
          ...archive(app),
        });
      },
      /^m\/role: accountId is a token/,
    ],
    [
      "the ARN of an existing key that Terraform resolves",
      (app) => {
        const elsewhere = stackOf(app, "elsewhere");
        const key = LogKey.fromLogKeyAttributes(elsewhere, "key", { keyArn: variable(elsewhere, "key_arn") });
        const { bucket } = archive(app);
        return new Trail(stackOf(app, "m"), "trail", {
          trailName: "trail",
          ...MEMBER,
          bucket,
          key,
        });
      },
      /^elsewhere\/key: keyArn is a token/,
    ],
  ])("WHEN %s would have to leave its stack THEN it is refused", (_, build, message) => {
    expect(() => build(Testing.app())).toThrow(message);
  });
});

import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { LogKey, type LogKeyProps } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";
const TOPIC = "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs";
const READER = "arn:aws:iam::222222222222:role/vectra-cdr";

const required: LogKeyProps = {
  aliasName: "vectra-cdr/logs",
  accountId: "222222222222",
  region: "eu-west-1",
};

/** What a key is granted for, beside its props. */
interface Grants {
  readonly trailArns?: readonly string[];
  readonly trailAccountIds?: readonly string[];
  readonly readerRoleArns?: readonly string[];
  readonly topicArn?: string;
  readonly describeAccountIds?: readonly string[];
}

type Settings = Partial<LogKeyProps> & Grants;

const administration = {
  Sid: "AccountAdministersKey",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::222222222222:root" },
  Action: "kms:*",
  Resource: "*",
};
const cloudTrail = [
  {
    Sid: "CloudTrailEncryptsLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:GenerateDataKey*",
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": [TRAIL] },
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
      },
    },
  },
  {
    Sid: "CloudTrailDescribesKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:DescribeKey",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
  },
  {
    Sid: "CloudTrailUsesBucketKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
  },
];
const readers = {
  Sid: "ReadersDecryptLogs",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::222222222222:root" },
  Action: "kms:Decrypt",
  Resource: "*",
  Condition: { ArnEquals: { "aws:PrincipalArn": [READER] } },
};

function createKey(stack: TerraformStack, settings: Settings = {}, id = "log-key"): LogKey {
  const {
    trailArns = [TRAIL],
    trailAccountIds = ["111111111111"],
    readerRoleArns = [READER],
    ...rest
  } = settings;
  const { topicArn, describeAccountIds, ...props } = rest;
  const key = new LogKey(stack, id, { ...required, ...props });
  key.grantEncrypt({ trailArns, trailAccountIds });
  if (topicArn !== undefined) {
    key.grantPublish({ trailArns }, topicArn);
  }
  if (readerRoleArns.length > 0) {
    key.grantDecrypt({ accountId: settings.accountId ?? required.accountId, roleArns: readerRoleArns });
  }
  if (describeAccountIds !== undefined) {
    key.grantDescribe(describeAccountIds);
  }
  return key;
}

function synth(settings: Settings = {}): Template {
  return synthTemplate((stack) => createKey(stack, settings));
}

describe("LogKey", () => {
  it("rotates, is retained and has an alias by default", () => {
    const template = synth();

    expect(template.resource("aws_kms_key")).toEqual({
      description: "Encrypts CloudTrail logs and their notifications",
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      policy: expect.any(String),
      lifecycle: { prevent_destroy: true },
    });
    expect(template.resource("aws_kms_alias")).toEqual({
      name: "alias/vectra-cdr/logs",
      target_key_id: "${aws_kms_key.log-key_key.key_id}",
    });
  });

  it("lets CloudTrail encrypt for its trail and readers decrypt", () => {
    expect(synth().policy("aws_kms_key")).toEqual({
      Version: "2012-10-17",
      Statement: [administration, ...cloudTrail, readers],
    });
  });

  it("lets CloudTrail publish to one topic encrypted with the key", () => {
    expect(synth({ topicArn: TOPIC }).policy("aws_kms_key")).toEqual({
      Version: "2012-10-17",
      Statement: [
        administration,
        ...cloudTrail,
        {
          Sid: "PublisherEncryptsNotifications",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Resource: "*",
          Condition: {
            StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": [TOPIC] },
            StringEqualsIfExists: { "aws:SourceArn": [TRAIL] },
          },
        },
        readers,
      ],
    });
  });

  it("lets other accounts look the key up, and nothing more", () => {
    expect(synth({ describeAccountIds: ["111111111111"] }).policy("aws_kms_key")).toEqual({
      Version: "2012-10-17",
      Statement: [
        administration,
        ...cloudTrail,
        readers,
        {
          Sid: "AccountsDescribeKey",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::111111111111:root"] },
          Action: "kms:DescribeKey",
          Resource: "*",
        },
      ],
    });
  });

  it("says nothing about readers when there are none", () => {
    expect(synth({ readerRoleArns: [] }).policy("aws_kms_key")).toEqual({
      Version: "2012-10-17",
      Statement: [administration, ...cloudTrail],
    });
  });

  it("can be granted to writers, publishers and readers of several accounts later", () => {
    const template = synthTemplate((stack) => {
      const key = new LogKey(stack, "log-key", required);
      key.grantEncrypt({ trailArns: [TRAIL], trailAccountIds: ["111111111111", "444444444444"] });
      key.grantDecrypt({ accountId: "222222222222", roleArns: [READER] });
      expect(
        key.grantDecrypt({ accountId: "555555555555", roleArns: ["arn:aws:iam::555555555555:role/siem"] }),
      ).toEqual([
        {
          Sid: "ReadersDecryptLogs",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::222222222222:root", "arn:aws:iam::555555555555:root"] },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { ArnEquals: { "aws:PrincipalArn": [READER, "arn:aws:iam::555555555555:role/siem"] } },
        },
      ]);
      expect(key.statementsToAdd).toEqual([]);
    });
    const { Statement } = template.policy("aws_kms_key") as { Statement: unknown[] };
    expect(Statement).toHaveLength(5);
    expect(Statement[1]).toMatchObject({
      Condition: {
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": [
            "arn:aws:cloudtrail:*:111111111111:trail/*",
            "arn:aws:cloudtrail:*:444444444444:trail/*",
          ],
        },
      },
    });
  });

  it("can be destroyed when it need not be retained", () => {
    expect(synth({ retain: false }).resource("aws_kms_key")).not.toHaveProperty("lifecycle");
  });

  it("takes a token for every prop", () => {
    const template = synthTemplate((stack) =>
      createKey(stack, {
        region: variable(stack, "region"),
        aliasName: variable(stack, "alias"),
        accountId: variable(stack, "account"),
        trailArns: [variable(stack, "trail")],
        trailAccountIds: [variable(stack, "trail_account")],
        readerRoleArns: [variable(stack, "reader")],
        describeAccountIds: [variable(stack, "describer")],
        topicArn: variable(stack, "topic"),
        partition: variable(stack, "partition"),
      }),
    );
    expect(template.resource("aws_kms_alias")["name"]).toBe("alias/${var.alias}");
    const policy = JSON.stringify(template.policy("aws_kms_key"));
    expect(policy).toContain("arn:${var.partition}:iam::${var.account}:root");
    expect(policy).toContain("arn:${var.partition}:iam::${var.describer}:root");
    expect(policy).toContain("arn:${var.partition}:cloudtrail:*:${var.trail_account}:trail/*");
    expect(policy).toContain('"aws:SourceArn":["${var.trail}"]');
    expect(policy).toContain('"kms:EncryptionContext:aws:sns:topicArn":["${var.topic}"]');
    expect(policy).toContain('"aws:PrincipalArn":["${var.reader}"]');
  });

  it("does not collide with a second one, and tells the ARNs of key and alias", () => {
    const template = synthTemplate((stack) => {
      const one = createKey(stack, {}, "one");
      createKey(stack, {}, "two");
      new TerraformOutput(stack, "arns", { value: `${one.keyArn} ${one.aliasArn}` });
    });
    expect(template.resourceCounts()).toEqual({ aws_kms_key: 2, aws_kms_alias: 2 });
    expect(template.text).toContain("${aws_kms_key.one_key.arn} ${aws_kms_alias.one_alias.arn}");
  });

  it("lets nobody publish without trails", () => {
    expect(() =>
      synthTemplate((stack) => new LogKey(stack, "log-key", required).grantPublish({ trailArns: [] }, TOPIC)),
    ).toThrow(/publisherTrailArns is \[\]: must not be empty. Name the trails that may publish/);
  });

  it.each<[string, Settings, RegExp]>([
    [
      "alias/ in the alias",
      { aliasName: "alias/logs" },
      /aliasName is "alias\/logs".*Omit "alias\/"; it is added/,
    ],
    ["an alias of AWS", { aliasName: "aws/sns" }, /aliasName is "aws\/sns"/],
    ["a short account", { accountId: "1" }, /accountId is "1": must be an AWS account ID/],
    ["no trail", { trailArns: [] }, /trailArns is \[\]/],
    ["a trail's name", { trailArns: ["x"] }, /trailArns\[0\] is "x"/],
    [
      "a long trail account",
      { trailAccountIds: ["1111111111111"] },
      /trailAccountIds\[0\] is "1111111111111"/,
    ],
    ["a role's name", { readerRoleArns: ["vectra"] }, /readerRoleArns\[0\] is "vectra": must be a role ARN/],
    ["a wrong describer", { describeAccountIds: ["me"] }, /describeAccountIds\[0\] is "me"/],
    ["trails without accounts", { trailAccountIds: [] }, /trailAccountIds is \[\]/],
    ["no region", { region: "Ireland" }, /region is "Ireland"/],
    ["a topic's name", { topicArn: "logs" }, /topicArn is "logs": must be a topic ARN/],
    ["an unknown partition", { partition: "gcp" }, /partition is "gcp"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});

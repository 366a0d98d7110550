import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Fn, TerraformStack, Testing, Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  LogBucket,
  LogKey,
  NotificationTopic,
  Trail,
  TrailLogGroup,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { variable } from "../variable.js";

const ARCHIVE = { accountId: "222222222222", region: "eu-west-1" };
const MEMBER = { accountId: "444444444444", region: "eu-west-1" };
const TRAIL = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/trail";
const ROLE = "arn:aws:iam::444444444444:role/siem";
const VECTRA = { roleName: "vectra", vectraAccountId: "999999999999", externalId: "external" };

/** Bucket, key and topic in the stack `archive`, and the stack `member` beside it. */
function twoStacks() {
  const app = Testing.app();
  const archive = new TerraformStack(app, "archive");
  const member = new TerraformStack(app, "member");
  new AwsProvider(member, "aws", { region: "eu-west-1" });
  const key = new LogKey(archive, "log-key", { ...ARCHIVE, aliasName: "logs" });
  return {
    archive,
    member,
    key,
    bucket: new LogBucket(archive, "log-bucket", { ...ARCHIVE, bucketName: "acme-logs", key }),
    topic: new NotificationTopic(archive, "topic", { ...ARCHIVE, topicName: "logs", key }),
  };
}

type Stacks = ReturnType<typeof twoStacks>;

const trailOf = ({ member, bucket }: Stacks) => ({
  scope: member,
  props: { trailName: "trail", ...MEMBER, bucket },
});

function logGroup(stack: TerraformStack): TrailLogGroup {
  return new TrailLogGroup(stack, "log-group", { logGroupName: "trail", roleName: "trail", ...MEMBER });
}

const GROUP_REMEDY =
  "Create the log group in the trail's stack: CloudTrail writes to log groups of its own account only.";

describe("GIVEN a trail in another stack than what it is to refer to", () => {
  it("WHEN its log group is in the other one THEN it is refused", () => {
    const stacks = twoStacks();
    const { scope, props } = trailOf(stacks);
    expect(() => new Trail(scope, "trail", { ...props, logGroup: logGroup(stacks.archive) })).toThrow(
      `member/trail: logGroup is archive/log-group: must be in stack member, because no stack refers to elements of another or depends on them. ${GROUP_REMEDY}`,
    );
  });

  it.each(["logGroupArn", "roleArn", "policy"] as const)(
    "WHEN the %s of its log group is of the other one THEN it is refused",
    (part) => {
      const stacks = twoStacks();
      const { scope, props } = trailOf(stacks);
      const own = {
        logGroupArn: "arn:aws:logs:eu-west-1:444444444444:log-group:trail",
        roleArn: ROLE,
      };
      const destination = { ...own, [part]: logGroup(stacks.archive)[part] };
      expect(() => new Trail(scope, "trail", { ...props, logGroup: destination })).toThrow(
        `member/trail: logGroup.${part} is `,
      );
    },
  );

  it("WHEN it depends on an element of the other one THEN it is refused", () => {
    const stacks = twoStacks();
    const { scope, props } = trailOf(stacks);
    const own = new IamRole(stacks.member, "own", { assumeRolePolicy: "{}" });
    const other = new IamRole(stacks.archive, "other", { assumeRolePolicy: "{}" });
    expect(() => new Trail(scope, "trail", { ...props, dependsOn: [own, other] })).toThrow(
      "member/trail: dependsOn[1] is archive/other: must be in stack member, because no stack refers to elements of another or depends on them. Omit it, and apply that stack first.",
    );
  });

  it("WHEN log group and dependencies are in its own stack THEN it refers to them", () => {
    const stacks = twoStacks();
    const { scope, props } = trailOf(stacks);
    new Trail(scope, "trail", { ...props, logGroup: logGroup(stacks.member) });
    const { resource } = JSON.parse(Testing.synth(stacks.member));
    expect(resource.aws_cloudtrail.trail_trail.depends_on).toEqual(["aws_iam_role_policy.log-group_policy"]);
  });
});

describe("GIVEN a grant that is called by hand", () => {
  it.each<[string, string, (stacks: Stacks, token: string) => unknown]>([
    [
      "bucket.grantWrite",
      "archive/log-bucket: trailArns[1]",
      ({ bucket }, token) =>
        bucket.grantWrite({ trailArns: [TRAIL, token], trailAccountIds: [MEMBER.accountId] }),
    ],
    [
      "bucket.grantRead",
      "archive/log-bucket: roleArns[0]",
      ({ bucket }, token) => bucket.grantRead({ accountId: MEMBER.accountId, roleArns: [token] }),
    ],
    [
      "key.grantEncrypt",
      "archive/log-key: trailAccountIds[0]",
      ({ key }, token) => key.grantEncrypt({ trailArns: [TRAIL], trailAccountIds: [token] }),
    ],
    [
      "key.grantDecrypt",
      "archive/log-key: accountId",
      ({ key }, token) => key.grantDecrypt({ accountId: token, roleArns: [ROLE] }),
    ],
    [
      "key.grantDescribe",
      "archive/log-key: describeAccountIds[0]",
      ({ key }, token) => key.grantDescribe([token]),
    ],
    [
      "key.grantPublish",
      "archive/log-key: topicArn",
      ({ key }, token) => key.grantPublish({ trailArns: [TRAIL] }, token),
    ],
    [
      "topic.grantPublish",
      "archive/topic: bucketArn",
      ({ topic }, token) => topic.grantPublish({ bucketArn: token, bucketAccountId: MEMBER.accountId }),
    ],
    [
      "topic.grantSubscribe",
      "archive/topic: subscriberEndpoints[0]",
      ({ topic }, token) => topic.grantSubscribe({ accountId: MEMBER.accountId, endpoints: [token] }),
    ],
  ])(
    "WHEN %s gets a token THEN that of another stack is refused, and one of its own passes",
    (_, prop, grant) => {
      const stacks = twoStacks();
      const { archive, member } = stacks;
      expect(() => grant(stacks, variable(archive, "own"))).not.toThrow();
      expect(() => grant(stacks, variable(member, "other"))).toThrow(
        `${prop} is a token of stack member: must not refer to another stack than archive, because no stack reads the state of another. Pass the value itself, such as an ARN composed of names, or put both in one stack.`,
      );
    },
  );

  it("WHEN a token is inside of functions and text THEN it is found, and no stack gets an output of it", () => {
    const { archive, member, bucket } = twoStacks();
    const role = new IamRole(member, "role", { assumeRolePolicy: "{}" });
    const roleArn = `arn:aws:iam::444444444444:role/${Token.asString(Fn.element(Fn.split("/", role.arn), 1))}`;
    expect(() => bucket.grantRead({ accountId: MEMBER.accountId, roleArns: [roleArn] })).toThrow(
      "archive/log-bucket: roleArns[0] is a token of stack member",
    );
    expect(Testing.synth(archive)).not.toContain("remote_state");
    expect(JSON.parse(Testing.synth(member))).not.toHaveProperty("output");
  });

  it("WHEN it gets the ARN of a role that another stack creates THEN it is refused", () => {
    const { member, bucket, key } = twoStacks();
    const role = new VectraRole(member, "role", { ...VECTRA, accountId: MEMBER.accountId, bucket, key });
    expect(() => bucket.grantRead({ accountId: MEMBER.accountId, roleArns: [role.roleArn] })).toThrow(
      "archive/log-bucket: roleArns[0] is a token of stack member",
    );
  });
});

describe("GIVEN Vectra's role in another stack than bucket and topic", () => {
  it.each([
    ["path", "path"],
    ["roleName", "roleName"],
    ["accountId", "accountId"],
  ])("WHEN its %s is a token THEN it is refused by that name", (prop, named) => {
    const { member, bucket } = twoStacks();
    const props = { ...VECTRA, accountId: MEMBER.accountId, bucket, [prop]: variable(member, "value") };
    expect(() => new VectraRole(member, "role", props)).toThrow(
      `member/role: ${named} is a token: must be known when the stack is synthesized: archive/log-bucket uses it`,
    );
  });

  it("WHEN the ARN of an existing role is a token THEN it is refused by that name", () => {
    const { member, bucket } = twoStacks();
    const connection = { ...VECTRA, bucket };
    expect(() => VectraRole.fromVectraRoleArn(member, "role", variable(member, "arn"), connection)).toThrow(
      "member/role: roleArn is a token",
    );
  });

  it.each(["protocols", "endpoints"])(
    "WHEN one of the subscription's %s is a token THEN it is refused",
    (limit) => {
      const { member, bucket, topic } = twoStacks();
      const subscription = { [limit]: ["sqs", variable(member, "value")] };
      const props = { ...VECTRA, accountId: MEMBER.accountId, bucket, topic, subscription };
      expect(() => new VectraRole(member, "role", props)).toThrow(
        `member/role: subscription.${limit}[1] is a token: must be known when the stack is synthesized: archive/topic uses it`,
      );
    },
  );
});

describe("GIVEN a key that another stack looks up", () => {
  const trail = ({ member, bucket, key }: Stacks) =>
    new Trail(member, "trail", { trailName: "trail", ...MEMBER, bucket, key });
  const ownKey = ({ member }: Stacks) => new LogKey(member, "log-key", { ...MEMBER, aliasName: "own" });

  it.each([
    ["before", [ownKey, trail]],
    ["after", [trail, ownKey]],
  ] as const)(
    "WHEN that stack has a key of the same id, created %s THEN both have their addresses",
    (_, steps) => {
      const stacks = twoStacks();
      for (const step of steps) {
        step(stacks);
      }
      const { data, resource } = JSON.parse(Testing.synth(stacks.member, true));
      expect(data.aws_kms_key).toEqual({
        "log-key": { key_id: "arn:aws:kms:eu-west-1:222222222222:alias/logs" },
      });
      expect(Object.keys(resource.aws_kms_key)).toEqual(["log-key_key"]);
      expect(resource.aws_cloudtrail.trail_trail.kms_key_id).toBe("${data.aws_kms_key.log-key.arn}");
    },
  );

  it("WHEN that stack has an own look-up of the same id before THEN the key's is named after its stack, too", () => {
    const stacks = twoStacks();
    new DataAwsKmsKey(stacks.member, "log-key", { keyId: "alias/own" });
    trail(stacks);
    const { data } = JSON.parse(Testing.synth(stacks.member, true));
    expect(Object.keys(data.aws_kms_key)).toEqual(["archive-log-key", "log-key"]);
  });

  it("WHEN that stack gets an own look-up of the same id later THEN validation reports it", () => {
    const stacks = twoStacks();
    trail(stacks);
    new DataAwsKmsKey(stacks.member, "log-key", { keyId: "alias/own" });
    expect(() => Testing.synth(stacks.member, true)).toThrow(
      "member/log-key: its address data.aws_kms_key.log-key is that of the log key's look-up. Give it another id.",
    );
  });
});

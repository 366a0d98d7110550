import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  type ILogBucket,
  type ILogKey,
  type INotificationTopic,
  LogBucket,
  LogKey,
  NotificationTopic,
  Trail,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import type { ExistingPolicy, PolicyStatement } from "../../../constructs/iam/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";
const KEY = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555";
const TOPIC = "arn:aws:sns:eu-west-1:222222222222:audit";
const WRITERS = { trailArns: [TRAIL], trailAccountIds: ["111111111111"] };

const OWNERS: PolicyStatement = {
  Sid: "OwnersBackup",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::222222222222:role/backup" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::acme-audit/*",
};
const READS_ACL = {
  Sid: "CloudTrailReadsAcl",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "s3:GetBucketAcl",
  Resource: "arn:aws:s3:::acme-audit",
  Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
} as const;
const WRITES_LOGS = {
  Sid: "CloudTrailWritesAccountLogs",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: ["arn:aws:s3:::acme-audit/AWSLogs/111111111111/*"],
  Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [TRAIL] } },
} as const;

function withBucket(
  policy: ExistingPolicy | undefined,
  use: (bucket: ILogBucket) => void = (bucket) => bucket.grantWrite(WRITERS),
): Template {
  return synthTemplate((stack) =>
    use(
      LogBucket.fromLogBucketAttributes(stack, "bucket", {
        bucketName: "acme-audit",
        accountId: "222222222222",
        region: "eu-west-1",
        policy,
      }),
    ),
  );
}

describe("An existing log bucket", () => {
  it("is left alone by default, and says what its policy needs", () => {
    let statements: readonly PolicyStatement[] = [];
    const template = withBucket(undefined, (bucket) => {
      bucket.grantWrite(WRITERS);
      statements = bucket.statementsToAdd;
      expect(bucket.policy).toBeUndefined();
    });
    expect(statements).toEqual([READS_ACL, WRITES_LOGS]);
    expect(template.resourceCounts()).toEqual({});
  });

  it("needs nothing more when its policy says it already, in whatever form AWS gives it back", () => {
    // GIVEN our statements under other Sids, single values for lists and lists for single values
    const { Sid, ...writes } = WRITES_LOGS;
    const current: PolicyStatement[] = [
      OWNERS,
      { ...READS_ACL, Sid: "AWSCloudTrailAclCheck20150319", Action: ["s3:GetBucketAcl"] },
      { ...writes, Resource: "arn:aws:s3:::acme-audit/AWSLogs/111111111111/*" },
    ];
    withBucket({ currentStatements: current }, (bucket) => {
      bucket.grantWrite(WRITERS);
      expect(bucket.statementsToAdd).toEqual([]);
    });
    // THEN even a policy that must not be touched is fine
    expect(() => withBucket({ behaviour: "refuse", currentStatements: current })).not.toThrow();
  });

  it("hands its policy over when asked: imported, merged, and kept from destruction", () => {
    const template = withBucket({ behaviour: "own", currentStatements: [OWNERS] }, (bucket) => {
      bucket.grantWrite(WRITERS);
      expect(bucket.statementsToAdd).toEqual([]);
    });
    expect(template.policy("aws_s3_bucket_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [OWNERS, READS_ACL, WRITES_LOGS],
    });
    expect(template.resource("aws_s3_bucket_policy")).toMatchObject({
      bucket: "acme-audit",
      lifecycle: { prevent_destroy: true },
    });
    expect(template.imports()).toEqual({ "aws_s3_bucket_policy.bucket_policy": "acme-audit" });
    expect(template.resourceCounts()).toEqual({ aws_s3_bucket_policy: 1 });
  });

  it("keeps its owner's policy as it is when nothing is granted", () => {
    expect(
      withBucket({ behaviour: "own", currentStatements: [OWNERS] }, () => undefined).policy(
        "aws_s3_bucket_policy",
      ),
    ).toEqual({ Version: "2012-10-17", Statement: [OWNERS] });
  });

  it.each<[string, ExistingPolicy, RegExp]>([
    [
      "a policy to own that nobody has shown",
      { behaviour: "own" },
      /policy\.currentStatements is omitted: is required when policy\.behaviour is own: .* Copy the policy's Statement list here, or set policy\.behaviour to print/,
    ],
    [
      "an empty policy to own",
      { behaviour: "own", currentStatements: [] },
      /policy\.currentStatements is \[\]: must not be empty when policy\.behaviour is own/,
    ],
    [
      "statements where nothing may be added",
      { behaviour: "refuse", currentStatements: [READS_ACL] },
      /policy\.behaviour is "refuse": its policy would need \[\{"Sid":"CloudTrailWritesAccountLogs".* Add them to the resource/,
    ],
    [
      "a Sid of ours that says something else",
      { behaviour: "own", currentStatements: [OWNERS, { ...OWNERS, Sid: "CloudTrailReadsAcl" }] },
      /policy\.currentStatements\[1\]\.Sid is "CloudTrailReadsAcl": conflicts with the Sid of a statement that must be added.* Rename the Sid of the current statement/,
    ],
  ])("refuses %s", (_, policy, message) => {
    expect(() => withBucket(policy)).toThrow(message);
  });

  it.each([
    ["a wrong name", { bucketName: "Audit" }, /bucketName is "Audit"/],
    ["an account of 11 digits", { accountId: "22222222222" }, /accountId is "22222222222"/],
    ["an availability zone", { region: "eu-west-1a" }, /region is "eu-west-1a"/],
    ["a prefix with a slash", { keyPrefix: "a/" }, /keyPrefix is "a\/"/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("refuses %s", (_, attributes, message) => {
    expect(() =>
      synthTemplate((stack) =>
        LogBucket.fromLogBucketAttributes(stack, "bucket", {
          bucketName: "acme-audit",
          accountId: "222222222222",
          region: "eu-west-1",
          ...attributes,
        }),
      ),
    ).toThrow(message);
  });
});

describe("An existing log key", () => {
  const administration: PolicyStatement = {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::222222222222:root" },
    Action: "kms:*",
    Resource: "*",
  };

  function withKey(policy: ExistingPolicy | undefined, use: (key: ILogKey) => void): Template {
    return synthTemplate((stack) => use(LogKey.fromLogKeyAttributes(stack, "key", { keyArn: KEY, policy })));
  }

  it("says what its policy needs for each grant, and nothing of administration", () => {
    const template = withKey(undefined, (key) => {
      const sids = (statements: readonly PolicyStatement[]) => statements.map(({ Sid }) => Sid);
      expect(sids(key.grantEncrypt(WRITERS))).toEqual([
        "CloudTrailEncryptsLogs",
        "CloudTrailDescribesKey",
        "CloudTrailUsesBucketKey",
      ]);
      expect(sids(key.grantPublish({ trailArns: [TRAIL] }, TOPIC))).toEqual([
        "PublisherEncryptsNotifications",
      ]);
      expect(
        key.grantPublish({ bucketArn: "arn:aws:s3:::acme-audit", bucketAccountId: "222222222222" }, TOPIC),
      ).toEqual([
        {
          Sid: "S3EncryptsNotifications",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Resource: "*",
          Condition: {
            StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": [TOPIC] },
            StringEqualsIfExists: {
              "aws:SourceArn": ["arn:aws:s3:::acme-audit"],
              "aws:SourceAccount": ["222222222222"],
            },
          },
        },
      ]);
      expect(
        key.grantDecrypt({
          accountId: "222222222222",
          roleArns: ["arn:aws:iam::222222222222:role/vectra-cdr"],
        }),
      ).toHaveLength(1);
      expect(sids(key.grantDescribe(["111111111111"]))).toEqual(["AccountsDescribeKey"]);
      expect(key.statementsToAdd).toHaveLength(7);
      expect(key.policy).toBeUndefined();
    });
    expect(template.resourceCounts()).toEqual({});
  });

  it("hands its policy over under the key's id, which is what the provider knows it by", () => {
    const template = withKey({ behaviour: "own", currentStatements: [administration] }, (key) => {
      key.grantDescribe(["111111111111"]);
    });
    expect(template.resource("aws_kms_key_policy")).toMatchObject({
      key_id: "11111111-2222-3333-4444-555555555555",
      lifecycle: { prevent_destroy: true },
    });
    expect(template.policy("aws_kms_key_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        administration,
        {
          Sid: "AccountsDescribeKey",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::111111111111:root"] },
          Action: "kms:DescribeKey",
          Resource: "*",
        },
      ],
    });
    expect(template.imports()).toEqual({
      "aws_kms_key_policy.key_policy": "11111111-2222-3333-4444-555555555555",
    });
  });

  it("refuses to own a policy that AWS would not store again", () => {
    const decrypts = { ...administration, Action: "kms:Decrypt" };
    expect(() => withKey({ behaviour: "own", currentStatements: [decrypts] }, () => undefined)).toThrow(
      /policy\.currentStatements is 1 long: allows no principal to change the key's policy \(kms:PutKeyPolicy\)/,
    );
    const deleted = { ...decrypts, Principal: { AWS: ["*", "AROACKCEVSQ6C2EXAMPLE"] } };
    expect(() =>
      withKey({ behaviour: "own", currentStatements: [administration, deleted] }, () => undefined),
    ).toThrow(
      /policy\.currentStatements\[1\]\.Principal\.AWS\[1\] is "AROACKCEVSQ6C2EXAMPLE": is the id of a role/,
    );
  });

  it("takes a token for its ARN", () => {
    const template = synthTemplate((stack) =>
      LogKey.fromLogKeyAttributes(stack, "key", {
        keyArn: variable(stack, "key_arn"),
        policy: { behaviour: "own", currentStatements: [administration] },
      }),
    );
    expect(template.resource("aws_kms_key_policy")["key_id"]).toBe('${element(split("/", var.key_arn), 1)}');
  });

  it.each<[string, (key: ILogKey) => void, RegExp]>([
    ["no trail", (key) => key.grantEncrypt({ ...WRITERS, trailArns: [] }), /trailArns is \[\]/],
    ["no account", (key) => key.grantEncrypt({ ...WRITERS, trailAccountIds: [] }), /trailAccountIds is \[\]/],
    ["no publisher", (key) => key.grantPublish({ trailArns: [] }, TOPIC), /publisherTrailArns is \[\]/],
    [
      "a bucket with a path",
      (key) => key.grantPublish({ bucketArn: "arn:aws:s3:::a/b", bucketAccountId: "222222222222" }, TOPIC),
      /bucketArn is "arn:aws:s3:::a\/b"/,
    ],
    [
      "a bucket of nobody",
      (key) => key.grantPublish({ bucketArn: "arn:aws:s3:::acme", bucketAccountId: "me" }, TOPIC),
      /bucketAccountId is "me"/,
    ],
    [
      "a FIFO topic",
      (key) => key.grantPublish({ trailArns: [TRAIL] }, `${TOPIC}.fifo`),
      /topicArn is "arn:aws:sns:.*\.fifo": must be a topic ARN.*FIFO topics are not supported/,
    ],
    ["no reader", (key) => key.grantDecrypt({ accountId: "222222222222", roleArns: [] }), /RoleArns is \[\]/],
    [
      "a reader of nobody",
      (key) => key.grantDecrypt({ accountId: "2", roleArns: ["arn:aws:iam::222222222222:role/r"] }),
      /accountId is "2"/,
    ],
  ])("refuses %s", (_, use, message) => {
    expect(() => withKey(undefined, use)).toThrow(message);
  });

  it("refuses an alias", () => {
    expect(() =>
      synthTemplate((stack) => LogKey.fromLogKeyAttributes(stack, "key", { keyArn: "alias/logs" })),
    ).toThrow(/keyArn is "alias\/logs"/);
  });
});

describe("An existing topic", () => {
  const owners: PolicyStatement = {
    Effect: "Allow",
    Principal: { AWS: "222222222222" },
    Action: "sns:Subscribe",
    Resource: TOPIC,
  };

  function withTopic(policy: ExistingPolicy | undefined, use: (topic: INotificationTopic) => void): Template {
    return synthTemplate((stack) =>
      use(NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn: TOPIC, policy })),
    );
  }

  const s3Publishes = {
    Sid: "S3Publishes",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sns:Publish",
    Resource: TOPIC,
    Condition: {
      StringEquals: { "aws:SourceArn": ["arn:aws:s3:::acme-audit"], "aws:SourceAccount": ["222222222222"] },
    },
  };
  const vectraSubscribes = {
    Sid: "VectraSubscribes",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::999999999999:root" },
    Action: "sns:Subscribe",
    Resource: TOPIC,
  };

  it("says what its policy needs, with the name that its ARN holds", () => {
    withTopic(undefined, (topic) => {
      topic.grantPublish({ bucketArn: "arn:aws:s3:::acme-audit", bucketAccountId: "222222222222" });
      topic.grantSubscribe({ accountId: "999999999999" });
      expect(topic.topicName).toBe("audit");
      expect(topic.policy).toBeUndefined();
      expect(topic.statementsToAdd).toEqual([s3Publishes, vectraSubscribes]);
    });
  });

  it("limits protocol and endpoint when asked, and keeps several subscribers apart", () => {
    withTopic(undefined, (topic) => {
      topic.grantSubscribe({ accountId: "999999999999" });
      expect(
        topic.grantSubscribe({
          accountId: "888888888888",
          protocols: ["sqs"],
          endpoints: ["arn:aws:sqs:*:888888888888:*"],
        }),
      ).toEqual([
        {
          Sid: "VectraSubscribes2",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::888888888888:root" },
          Action: "sns:Subscribe",
          Resource: TOPIC,
          Condition: {
            StringEquals: { "sns:Protocol": ["sqs"] },
            StringLike: { "sns:Endpoint": ["arn:aws:sqs:*:888888888888:*"] },
          },
        },
      ]);
    });
  });

  it("hands its policy over when asked", () => {
    const template = withTopic({ behaviour: "own", currentStatements: [owners] }, (topic) => {
      topic.grantSubscribe({ accountId: "999999999999" });
    });
    expect(template.policy("aws_sns_topic_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [owners, vectraSubscribes],
    });
    expect(template.resource("aws_sns_topic_policy")).toMatchObject({
      arn: TOPIC,
      lifecycle: { prevent_destroy: true },
    });
    expect(template.imports()).toEqual({ "aws_sns_topic_policy.topic_policy": TOPIC });
  });

  it("takes a token for its ARN", () => {
    const template = synthTemplate((stack) => {
      const topic = NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
        topicArn: variable(stack, "topic_arn"),
      });
      new TerraformOutput(stack, "name", { value: topic.topicName });
    });
    expect(template.text).toContain('${element(split(\\":\\", var.topic_arn), 5)}');
  });

  it.each<[string, (topic: INotificationTopic) => void, RegExp]>([
    [
      "an unknown protocol",
      (topic) => topic.grantSubscribe({ accountId: "999999999999", protocols: ["SQS"] }),
      /subscriberProtocols\[0\] is "SQS": must be one of sqs, https, http, lambda, firehose, email, email-json, sms, application\. Write it as SNS does, in lower case/,
    ],
    [
      "no protocol at all",
      (topic) => topic.grantSubscribe({ accountId: "999999999999", protocols: [] }),
      /subscriberProtocols is \[\]: must not be empty. Omit it to allow any/,
    ],
    [
      "no endpoint at all",
      (topic) => topic.grantSubscribe({ accountId: "999999999999", endpoints: [] }),
      /subscriberEndpoints is \[\]/,
    ],
  ])("refuses %s", (_, use, message) => {
    expect(() => withTopic(undefined, use)).toThrow(message);
  });

  it("refuses a FIFO topic", () => {
    expect(() =>
      synthTemplate((stack) =>
        NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn: `${TOPIC}.fifo` }),
      ),
    ).toThrow(/topicArn is ".*audit\.fifo".*FIFO/);
  });
});

describe("An existing trail and role", () => {
  it("are known by their ARNs and make nothing", () => {
    const template = synthTemplate((stack) => {
      expect(Trail.fromTrailArn(stack, "trail", TRAIL).trailArn).toBe(TRAIL);
      expect(
        VectraRole.fromVectraRoleArn(stack, "role", "arn:aws:iam::222222222222:role/vectra").roleArn,
      ).toBe("arn:aws:iam::222222222222:role/vectra");
    });
    expect(template.resourceCounts()).toEqual({});
  });

  it("refuse names", () => {
    expect(() => synthTemplate((stack) => Trail.fromTrailArn(stack, "trail", "vectra-cdr"))).toThrow(
      /trailArn is "vectra-cdr": must be a trail ARN/,
    );
    expect(() => synthTemplate((stack) => VectraRole.fromVectraRoleArn(stack, "role", "vectra"))).toThrow(
      /roleArn is "vectra": must be a role ARN/,
    );
  });

  it("of Vectra's is granted what a created one is, and says what its own policies must hold", () => {
    const ROLE = "arn:aws:iam::222222222222:role/vectra";
    const template = synthTemplate((stack) => {
      const bucket = LogBucket.fromLogBucketAttributes(stack, "bucket", {
        bucketName: "acme-audit",
        accountId: "222222222222",
        region: "eu-west-1",
        keyPrefix: "audit",
      });
      const key = LogKey.fromLogKeyAttributes(stack, "key", { keyArn: KEY });
      const topic = NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn: TOPIC });
      const role = VectraRole.fromVectraRoleArn(stack, "role", ROLE, {
        vectraAccountId: "999999999999",
        externalId: "external",
        bucket,
        key,
        topic,
        subscription: { protocols: ["sqs"] },
        iamContext: false,
      });
      expect(role.trustStatementsToAdd).toEqual([
        {
          Sid: "VectraAssumesRole",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "external" } },
        },
      ]);
      expect(role.statementsToAdd).toEqual([
        {
          Sid: "ReadLogs",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::acme-audit/audit/AWSLogs/*/CloudTrail/*",
        },
        {
          Sid: "ListLogBucket",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetBucketLocation"],
          Resource: "arn:aws:s3:::acme-audit",
        },
        { Sid: "DecryptLogs", Effect: "Allow", Action: "kms:Decrypt", Resource: KEY },
      ]);
      // In the bucket's own account the role's policy is enough.
      expect(bucket.statementsToAdd).toEqual([]);
      expect(key.statementsToAdd).toEqual([
        {
          Sid: "ReadersDecryptLogs",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::222222222222:root" },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { ArnEquals: { "aws:PrincipalArn": [ROLE] } },
        },
      ]);
      expect(topic.statementsToAdd).toEqual([
        {
          Sid: "VectraSubscribes",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sns:Subscribe",
          Resource: TOPIC,
          Condition: { StringEquals: { "sns:Protocol": ["sqs"] } },
        },
      ]);
    });
    expect(template.resourceCounts()).toEqual({});
  });

  it("need nothing more once what was granted is withdrawn", () => {
    const template = withBucket(
      { behaviour: "own", currentStatements: [OWNERS], withdrawn: true },
      (bucket) => {
        bucket.grantWrite(WRITERS);
        expect(bucket.statementsToAdd).toEqual([]);
      },
    );
    expect(template.policy("aws_s3_bucket_policy")).toEqual({ Version: "2012-10-17", Statement: [OWNERS] });
    withBucket({ withdrawn: true }, (bucket) => {
      bucket.grantWrite(WRITERS);
      expect(bucket.statementsToAdd).toEqual([]);
    });
    expect(() => withBucket({ behaviour: "refuse", withdrawn: true })).not.toThrow();
  });
});

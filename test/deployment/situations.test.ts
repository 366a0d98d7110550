import { describe, expect, test } from "vitest";
import { cloudTrailFile, existingFile, KEY, ROLE, TOPIC } from "./cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "./synthesized.js";

const OWN_TRAIL = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/vectra-cdr";

describe("GIVEN one account for everything", () => {
  test("WHEN it is synthesized THEN all of it is one stack, and the trail waits for the policies", () => {
    const { summaries, stacks } = synthesized(cloudTrailFile());

    expect(summaries.map(({ id, accountId, purpose }) => [id, accountId, purpose])).toEqual([
      [
        "log-archive",
        "222222222222",
        "trail vectra-cdr, bucket vectra-cdr-logs-222222222222-eu-west-1, key vectra-cdr-logs, topic vectra-cdr-logs, role vectra-cdr-log-reader for Vectra",
      ],
    ]);
    expect(only(stacks["log-archive"], "aws_cloudtrail")).toMatchObject({
      name: "vectra-cdr",
      is_organization_trail: false,
      is_multi_region_trail: true,
      enable_log_file_validation: true,
      kms_key_id: "${aws_kms_key.log-key_key.arn}",
      sns_topic_name: "vectra-cdr-logs",
      depends_on: expect.arrayContaining([
        "aws_s3_bucket_policy.log-bucket_policy",
        "aws_sns_topic_policy.topic_policy",
      ]),
    });
  });

  test("THEN bucket, key and topic let exactly this trail in", () => {
    const { "log-archive": stack } = synthesized(cloudTrailFile()).stacks;

    expect(
      statementsOf(only(stack, "aws_s3_bucket_policy")["policy"])["CloudTrailWritesAccountLogs"],
    ).toEqual({
      Sid: "CloudTrailWritesAccountLogs",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: ["arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/222222222222/*"],
      Condition: {
        StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [OWN_TRAIL] },
      },
    });
    expect(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])["CloudTrailPublishes"]).toMatchObject({
      Condition: { StringEquals: { "aws:SourceArn": [OWN_TRAIL] } },
    });
    expect(statementsOf(only(stack, "aws_kms_key")["policy"])["CloudTrailEncryptsLogs"]).toMatchObject({
      Condition: { StringEquals: { "aws:SourceArn": [OWN_TRAIL] } },
    });
  });

  test("THEN one output holds the three values for the Vectra UI as text", () => {
    const { "log-archive": stack } = synthesized(cloudTrailFile()).stacks;

    expect(stack?.output["vectra_ui_values"]?.value).toBe(
      "Paste these three values into the Vectra UI:\n" +
        "  Role ARN:  ${aws_iam_role.vectra-role_role.arn}\n" +
        "  S3 bucket: ${aws_s3_bucket.log-bucket_bucket.bucket} (eu-west-1)\n" +
        "  SNS topic: ${aws_sns_topic.topic_topic.arn}\n",
    );
  });
});

describe("GIVEN member accounts with a trail each", () => {
  const text = cloudTrailFile({
    accounts:
      '{ logArchive: { id: "222222222222" }, membersAssumeRole: { roleName: terraform, path: /ci/, externalId: ours }, ' +
      'members: [{ id: "555555555551" }, { id: "222222222222", assumeRole: { roleArn: "arn:aws:iam::222222222222:role/own" } }] }',
  });

  test("WHEN it is synthesized THEN each has a small stack that comes after the log archive", () => {
    const { summaries, dependencies } = synthesized(text);

    expect(summaries.map(({ id, accountId }) => [id, accountId])).toEqual([
      ["log-archive", "222222222222"],
      ["member-555555555551", "555555555551"],
      ["member-222222222222", "222222222222"],
    ]);
    expect(dependencies).toEqual({
      "log-archive": [],
      "member-555555555551": ["log-archive"],
      "member-222222222222": ["log-archive"],
    });
  });

  test("THEN Terraform assumes the members' role, or a member's own", () => {
    const { stacks } = synthesized(text);

    expect(stacks["member-555555555551"]?.provider.aws[0]).toMatchObject({
      allowed_account_ids: ["555555555551"],
      assume_role: [{ role_arn: "arn:aws:iam::555555555551:role/ci/terraform", external_id: "ours" }],
    });
    expect(stacks["member-222222222222"]?.provider.aws[0]).toMatchObject({
      assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/own" }],
    });
  });

  test("THEN bucket and key know every member, and a trail beside the topic names it", () => {
    const { stacks } = synthesized(text);
    const trails = [
      "arn:aws:cloudtrail:eu-west-1:555555555551:trail/vectra-cdr",
      "arn:aws:cloudtrail:eu-west-1:222222222222:trail/vectra-cdr",
    ];

    const bucket = statementsOf(only(stacks["log-archive"], "aws_s3_bucket_policy")["policy"]);
    expect(bucket["CloudTrailWritesAccountLogs"]).toMatchObject({
      Resource: [
        "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/555555555551/*",
        "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/222222222222/*",
      ],
      Condition: { StringEquals: { "aws:SourceArn": trails } },
    });
    const key = statementsOf(only(stacks["log-archive"], "aws_kms_key")["policy"]);
    expect(key["AccountsDescribeKey"]).toMatchObject({
      Principal: { AWS: ["arn:aws:iam::555555555551:root", "arn:aws:iam::222222222222:root"] },
    });
    expect(only(stacks["member-555555555551"], "aws_cloudtrail")).toMatchObject({
      is_organization_trail: false,
      kms_key_id: "${data.aws_kms_key.log-key.arn}",
      sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
    });
    expect(only(stacks["member-222222222222"], "aws_cloudtrail")).toMatchObject({
      sns_topic_name: "vectra-cdr-logs",
    });
  });
});

describe("GIVEN trail, bucket, key and topic that exist", () => {
  test("WHEN it is synthesized THEN only Vectra's role is made, and what the owners are to add is said", () => {
    const { summaries, stacks } = synthesized(existingFile());

    expect(summaries.map(({ id, resources }) => [id, resources])).toEqual([
      ["log-archive", { aws_iam_role: 1, aws_iam_role_policy: 1 }],
    ]);
    expect(summaries[0]?.toDo.map(({ what }) => what)).toEqual([
      `The policy of key ${KEY} is left alone: let its owner add these statements before you apply.`,
      `The policy of topic ${TOPIC} is left alone: let its owner add these statements before you apply.`,
    ]);
    expect(statementsOf(summaries[0]?.toDo[1]?.text)).toEqual({
      VectraSubscribes: {
        Sid: "VectraSubscribes",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999999999999:root" },
        Action: "sns:Subscribe",
        Resource: TOPIC,
      },
    });
    const { output } = stacks["log-archive"] ?? {};
    expect(Object.keys(output ?? {}).toSorted()).toEqual([
      "log_bucket_name",
      "log_bucket_region",
      "log_key_statements_to_add",
      "notification_topic_arn",
      "topic_statements_to_add",
      "vectra_role_arn",
      "vectra_ui_values",
    ]);
    expect(output?.["notification_topic_arn"]?.value).toBe(TOPIC);
  });

  test("WHEN the bucket has a prefix and no key THEN the role reads below it and decrypts nothing", () => {
    const { stacks } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, keyPrefix: trails } }", logKey: "" }),
    );

    const statements = statementsOf(only(stacks["log-archive"], "aws_iam_role_policy")["policy"]);
    expect(Object.keys(statements)).toEqual(["ReadLogs", "ListLogBucket", "ReadIamContext"]);
    expect(statements["ReadLogs"]).toMatchObject({
      Resource: "arn:aws:s3:::our-logs/trails/AWSLogs/*/CloudTrail/*",
    });
  });

  test("WHEN the bucket is in another region THEN the Vectra UI is told that one", () => {
    const { stacks } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, region: us-east-1 } }", logKey: "" }),
    );

    expect(stacks["log-archive"]?.output["log_bucket_region"]?.value).toBe("us-east-1");
  });

  test("WHEN the owner has added the statements and they are listed THEN nothing is left to do", () => {
    const subscribe = `{ Sid: VectraSubscribes, Effect: Allow, Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "sns:Subscribe", Resource: "${TOPIC}" }`;

    const { summaries } = synthesized(
      existingFile({
        logKey: "",
        topic: `{ existing: { arn: "${TOPIC}", policy: refuse, currentStatements: [${subscribe}] } }`,
      }),
    );

    expect(summaries[0]?.toDo).toEqual([]);
  });

  test("WHEN the topic has a key of its own THEN its owner is to let the new trail's publisher in", () => {
    const theirKey = "arn:aws:kms:eu-west-1:222222222222:key/11111111-1111-1111-1111-111111111111";
    const { summaries } = synthesized(
      cloudTrailFile({ topic: `{ existing: { arn: "${TOPIC}", kmsKeyArn: "${theirKey}" } }` }),
    );

    expect(summaries[0]?.toDo.map(({ what }) => what)).toEqual([
      `The policy of topic ${TOPIC} is left alone: let its owner add these statements before you apply.`,
      `The policy of key ${theirKey} is left alone: let its owner add these statements before you apply.`,
    ]);
    expect(Object.keys(statementsOf(summaries[0]?.toDo[1]?.text))).toEqual([
      "PublisherEncryptsNotifications",
    ]);
  });

  test("WHEN Vectra's role exists, too THEN its trust and its policy are said, and nothing is made", () => {
    const { summaries, stacks } = synthesized(
      existingFile({ role: `{ existing: { arn: "${ROLE}" } }`, logKey: "" }),
    );

    expect(summaries[0]).toMatchObject({ resources: {}, purpose: "nothing new: everything exists" });
    expect(summaries[0]?.toDo[1]?.what).toBe(
      `Role ${ROLE} is left alone: its trust must hold the first of these statements, its policy the others.`,
    );
    expect(Object.keys(statementsOf(summaries[0]?.toDo[1]?.text))).toEqual([
      "VectraAssumesRole",
      "ReadLogs",
      "ListLogBucket",
      "ReadIamContext",
    ]);
    expect(stacks["log-archive"]?.output["vectra_role_arn"]?.value).toBe(ROLE);
  });
});

describe("GIVEN a new trail into a bucket that exists", () => {
  const bucket = (settings: string) =>
    cloudTrailFile({ logBucket: `{ existing: { name: our-logs${settings} } }` });
  const theirs =
    '{ Sid: Theirs, Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:role/siem" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::our-logs/*", Condition: { Bool: { "aws:SecureTransport": true } } }';

  test("WHEN its policy is left alone THEN the owner is told what CloudTrail needs, and the trail is made", () => {
    const { summaries, stacks } = synthesized(bucket(""));

    expect(Object.keys(statementsOf(summaries[0]?.toDo[0]?.text))).toEqual([
      "CloudTrailReadsAcl",
      "CloudTrailWritesAccountLogs",
    ]);
    expect(stacks["log-archive"]?.resource["aws_s3_bucket_policy"]).toBeUndefined();
    expect(only(stacks["log-archive"], "aws_cloudtrail")).toMatchObject({
      s3_bucket_name: "our-logs",
      kms_key_id: "${aws_kms_key.log-key_key.arn}",
    });
  });

  test("WHEN its policy is owned THEN it is imported, keeps the owner's statements first and cannot be destroyed", () => {
    const { summaries, stacks } = synthesized(bucket(`, policy: own, currentStatements: [${theirs}]`));
    const policy = only(stacks["log-archive"], "aws_s3_bucket_policy");

    expect(summaries[0]?.toDo).toEqual([]);
    expect(Object.keys(statementsOf(policy["policy"]))).toEqual([
      "Theirs",
      "CloudTrailReadsAcl",
      "CloudTrailWritesAccountLogs",
    ]);
    expect(statementsOf(policy["policy"])["Theirs"]).toMatchObject({
      Condition: { Bool: { "aws:SecureTransport": true } },
    });
    expect(policy).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(stacks["log-archive"]?.import).toEqual([
      { to: "aws_s3_bucket_policy.log-bucket_policy", id: "our-logs" },
    ]);
  });
});

describe("GIVEN notification by S3", () => {
  test("WHEN the bucket is new THEN it announces each account's log files, and the trail announces nothing", () => {
    const { stacks } = synthesized(cloudTrailFile({ notification: "{ s3: {} }" }));
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_notification")).toMatchObject({
      topic: [
        {
          id: "vectra-cdr-222222222222",
          topic_arn: "${aws_sns_topic.topic_topic.arn}",
          events: ["s3:ObjectCreated:*"],
          filter_prefix: "AWSLogs/222222222222/CloudTrail/",
          filter_suffix: ".json.gz",
        },
      ],
    });
    expect(only(stack, "aws_cloudtrail")["sns_topic_name"]).toBeUndefined();
    expect(Object.keys(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])).toSorted()).toEqual([
      "DenyInsecureTransport",
      "S3Publishes",
      "VectraSubscribes",
    ]);
  });

  test("WHEN an organization's accounts are listed THEN the organization is part of the prefix", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
        organizationId: "o-a1b2c3d4e5",
        notification: '{ s3: { logAccountIds: ["111111111111", "555555555551"] } }',
      }),
    );

    const { topic } = only(stacks["log-archive"], "aws_s3_bucket_notification") as {
      topic: { filter_prefix: string }[];
    };
    expect(topic.map(({ filter_prefix }) => filter_prefix)).toEqual([
      "AWSLogs/o-a1b2c3d4e5/111111111111/CloudTrail/",
      "AWSLogs/o-a1b2c3d4e5/555555555551/CloudTrail/",
    ]);
  });

  test("WHEN the bucket has notifications of its own THEN they are imported, kept as they are, and ours is added", () => {
    const { stacks } = synthesized(
      existingFile({
        topic: "{ create: {} }",
        notification: "{ s3: {} }",
        logBucket: `{ existing: { name: our-logs, currentNotifications: {
          topics: [{ id: reports, topicArn: "${TOPIC}", events: ["s3:ObjectCreated:*"], filterPrefix: reports/ }],
          queues: [{ id: siem, queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem", events: ["s3:ObjectRemoved:*"] }] } } }`,
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_notification")).toMatchObject({
      bucket: "our-logs",
      eventbridge: false,
      topic: [
        { id: "reports", topic_arn: TOPIC, events: ["s3:ObjectCreated:*"], filter_prefix: "reports/" },
        { id: "vectra-cdr-111111111111", filter_prefix: "AWSLogs/111111111111/CloudTrail/" },
      ],
      queue: [{ id: "siem", events: ["s3:ObjectRemoved:*"] }],
      lifecycle: { prevent_destroy: true },
    });
    expect(stack?.import).toEqual([
      { to: "aws_s3_bucket_notification.s3-notification_notification", id: "our-logs" },
    ]);
  });
});

describe("GIVEN settings of the trail", () => {
  test("WHEN everything is asked for THEN the trail has it, and a log group with its role", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        trail:
          "{ create: { multiRegion: false, insights: [ApiCallRateInsight], " +
          "events: { managementEvents: write, excludeKmsEvents: false, excludeRdsDataApiEvents: true, s3DataEvents: { allBut: [{ bucketName: scratch }] }, s3DataEventAccess: write }, " +
          "cloudWatchLogs: { logGroupName: /audit, retentionDays: 30, role: { name: audit, path: /a/ } } } }",
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_cloudtrail")).toMatchObject({
      is_multi_region_trail: false,
      insight_selector: [{ insight_type: "ApiCallRateInsight" }],
      advanced_event_selector: [
        {
          field_selector: [
            { field: "eventCategory", equals: ["Management"] },
            { field: "eventSource", not_equals: ["rdsdata.amazonaws.com"] },
            { field: "readOnly", equals: ["false"] },
          ],
        },
        {
          field_selector: [
            { field: "eventCategory", equals: ["Data"] },
            { field: "resources.type", equals: ["AWS::S3::Object"] },
            { field: "readOnly", equals: ["false"] },
            {
              field: "resources.ARN",
              not_starts_with: [
                "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/",
                "arn:aws:s3:::scratch/",
              ],
            },
          ],
        },
      ],
    });
    expect(only(stack, "aws_cloudwatch_log_group")).toMatchObject({ name: "/audit", retention_in_days: 30 });
    expect(
      Object.values(stack?.resource["aws_iam_role"] ?? {}).map(({ name, path }) => [name, path]),
    ).toEqual([
      ["audit", "/a/"],
      ["vectra-cdr-log-reader", "/"],
    ]);
  });
});

describe("GIVEN settings of bucket, topic and role", () => {
  test("WHEN they are synthesized THEN they arrive", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        logBucket:
          "{ create: { objectLock: { mode: GOVERNANCE, days: 30 }, accessLogs: { bucketName: our-access-logs, prefix: cdr/ } } }",
        topic:
          '{ create: { subscription: { protocols: [sqs], endpoints: ["arn:aws:sqs:*:999999999999:*"] } } }',
        role: '{ create: { maxSessionSeconds: 7200, readDigests: true, readInsights: true, listLogsOnly: true, vectraPrincipalArn: "arn:aws:iam::999999999999:role/reader" } }',
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 30 } },
    });
    expect(only(stack, "aws_s3_bucket_logging")).toMatchObject({
      target_bucket: "our-access-logs",
      target_prefix: "cdr/",
    });
    expect(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])["VectraSubscribes"]).toMatchObject({
      Condition: {
        StringEquals: { "sns:Protocol": ["sqs"] },
        StringLike: { "sns:Endpoint": ["arn:aws:sqs:*:999999999999:*"] },
      },
    });
    const role = only(stack, "aws_iam_role");
    expect(role["max_session_duration"]).toBe(7200);
    expect(statementsOf(only(stack, "aws_iam_role_policy")["policy"])).toMatchObject({
      ReadLogs: {
        Resource: [
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail/*",
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail-Digest/*",
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail-Insight/*",
        ],
      },
      ListLogs: { Condition: { StringLike: { "s3:prefix": "AWSLogs/*" } } },
    });
    expect(JSON.stringify(role["assume_role_policy"])).toContain("arn:aws:iam::999999999999:role/reader");
  });

  test("WHEN statements of one's own reach beyond the bucket THEN the summary warns", () => {
    const role = (resource: string) =>
      cloudTrailFile({
        role: `{ create: { policyStatements: [{ Sid: Read, Effect: Allow, Action: "s3:GetObject", Resource: "${resource}" }] } }`,
      });

    const narrow = synthesized(role("arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*")).summaries;
    const wide = synthesized(role("arn:aws:s3:::*")).summaries;
    const writing = synthesized(
      cloudTrailFile({
        role: '{ create: { policyStatements: [{ Effect: Allow, Action: "s3:ListBucket", Resource: "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1" }, { Effect: Allow, Action: ["s3:GetObject", "s3:DeleteObject"], Resource: "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*" }] } }',
      }),
    ).summaries;

    expect(narrow[0]?.warnings).toEqual([]);
    expect(wide[0]?.warnings).toHaveLength(1);
    expect(wide[0]?.warnings[0]).toContain("policyStatements");
    expect(writing[0]?.warnings).toEqual([
      "cloudTrail.role.create.policyStatements[1] allows Vectra more than reading (s3:DeleteObject): " +
        '{"Effect":"Allow","Action":["s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*"}. ' +
        "Keep it only if the Vectra console shows it.",
    ]);
  });
});

describe("GIVEN a region that was launched after 2019", () => {
  const command = "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token";

  test("WHEN nothing is said about tokens THEN the summary says what is needed", () => {
    expect(synthesized(cloudTrailFile({ region: "eu-central-2" })).summaries[0]?.toDo).toEqual([
      {
        what:
          "eu-central-2 is a region that accounts opt in to, launched after 2019: tokens of the global STS endpoint are not valid there unless " +
          "account 222222222222 issues version 2 tokens. Set cloudTrail.stsV2Tokens: true, or run, once, in that account:",
        text: command,
      },
    ]);
  });

  test("WHEN version 2 tokens are asked for THEN they are switched on in the account of the role", () => {
    const { summaries, stacks } = synthesized(
      cloudTrailFile({ region: "eu-central-2", stsV2Tokens: "true" }),
    );

    expect(summaries[0]?.toDo).toEqual([]);
    expect(only(stacks["log-archive"], "aws_iam_security_token_service_preferences")).toMatchObject({
      global_endpoint_token_version: "v2Token",
    });
  });

  test("WHEN only the existing bucket is there THEN it counts, not the deployment's own region", () => {
    const { summaries } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, region: af-south-1 } }", logKey: "" }),
    );

    expect(summaries[0]?.toDo.at(-1)?.what).toMatch(/^af-south-1 is a region that accounts opt in to/);
  });
});

describe("GIVEN other partitions", () => {
  test.each([
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-cn", "cn-north-1"],
  ])("WHEN the deployment is in %s THEN every ARN is, too", (partition, region) => {
    const { stacks } = synthesized(cloudTrailFile({ partition, region }));

    const arns = JSON.stringify(stacks["log-archive"]).match(/arn:[a-z-]+/g);
    expect(new Set(arns)).toEqual(new Set([`arn:${partition}`]));
  });
});

describe("GIVEN parts alone", () => {
  test("WHEN only the Brain's way out is described THEN only its stack is made, in the region of its network", () => {
    const { summaries } = synthesized(
      'name: vectra-cdr\nregion: eu-west-1\naccounts: { single: { id: "222222222222" } }\n' +
        "brainEgress: { region: eu-central-1, dataSourceRegions: [eu, ch], securityGroupIds: [sg-0123456789abcdef0] }\n",
    );

    expect(summaries.map(({ id, region, resources }) => [id, region, resources])).toEqual([
      ["brain", "eu-central-1", { aws_ec2_managed_prefix_list: 1, aws_vpc_security_group_egress_rule: 1 }],
    ]);
  });
});

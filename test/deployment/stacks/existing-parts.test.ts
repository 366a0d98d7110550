import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, KEY, ROLE, TOPIC } from "../cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "../synthesized.js";

describe("GIVEN trail, bucket, key and topic that exist", () => {
  it("WHEN it is synthesized THEN only Vectra's role is made, and what the owners are to add is said", () => {
    const { summaries, stacks } = synthesized(existingFile());

    expect(summaries.map(({ id, resources }) => [id, resources])).toEqual([
      ["log-archive", { aws_iam_role: 1, aws_iam_role_policy: 1 }],
    ]);
    expect(summaries[0]?.toDo.map(({ what }) => what)).toEqual([
      `The policy of key ${KEY} is not changed by this deployment: its owner must add these statements before you apply.`,
      `The policy of topic ${TOPIC} is not changed by this deployment: its owner must add these statements before you apply.`,
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

  it("WHEN the bucket has a prefix and no key THEN the role reads below it and decrypts nothing", () => {
    const { stacks } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, keyPrefix: trails } }", logKey: "" }),
    );

    const statements = statementsOf(only(stacks["log-archive"], "aws_iam_role_policy")["policy"]);
    expect(Object.keys(statements)).toEqual(["ReadLogs", "ListLogBucket", "ReadIamContext"]);
    expect(statements["ReadLogs"]).toMatchObject({
      Resource: "arn:aws:s3:::our-logs/trails/AWSLogs/*/CloudTrail/*",
    });
  });

  it("WHEN the bucket is in another region THEN the Vectra UI is told that one", () => {
    const { stacks } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, region: us-east-1 } }", logKey: "" }),
    );

    expect(stacks["log-archive"]?.output["log_bucket_region"]?.value).toBe("us-east-1");
  });

  it("WHEN the owner has added the statements and they are listed THEN nothing is left to do", () => {
    const subscribe = `{ Sid: VectraSubscribes, Effect: Allow, Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "sns:Subscribe", Resource: "${TOPIC}" }`;

    const { summaries } = synthesized(
      existingFile({
        logKey: "",
        topic: `{ existing: { arn: "${TOPIC}", policy: refuse, currentStatements: [${subscribe}] } }`,
      }),
    );

    expect(summaries[0]?.toDo).toEqual([]);
  });

  it("WHEN the topic has a key of its own THEN its owner is to let the new trail's publisher in", () => {
    const theirKey = "arn:aws:kms:eu-west-1:222222222222:key/11111111-1111-1111-1111-111111111111";
    const { summaries } = synthesized(
      cloudTrailFile({ topic: `{ existing: { arn: "${TOPIC}", kmsKeyArn: "${theirKey}" } }` }),
    );

    expect(summaries[0]?.toDo.map(({ what }) => what)).toEqual([
      `The policy of topic ${TOPIC} is not changed by this deployment: its owner must add these statements before you apply.`,
      `The policy of key ${theirKey} is not changed by this deployment: its owner must add these statements before you apply.`,
    ]);
    expect(Object.keys(statementsOf(summaries[0]?.toDo[1]?.text))).toEqual([
      "PublisherEncryptsNotifications",
    ]);
  });

  it("WHEN Vectra's role exists, too THEN its trust and its policy are said, and nothing is made", () => {
    const { summaries, stacks } = synthesized(
      existingFile({ role: `{ existing: { arn: "${ROLE}" } }`, logKey: "" }),
    );

    expect(summaries[0]).toMatchObject({ resources: {}, purpose: "nothing new: everything exists" });
    expect(summaries[0]?.toDo[1]?.what).toBe(
      `Role ${ROLE} is not changed by this deployment: its trust policy must contain the first of these statements, its permissions policy the others.`,
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

  it("WHEN its policy is left alone THEN the owner is told what CloudTrail needs, and the trail is made", () => {
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

  it("WHEN its policy is owned THEN it is imported, keeps the owner's statements first and cannot be destroyed", () => {
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

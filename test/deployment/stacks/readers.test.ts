import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, KEY, TOPIC } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";
import { only, statementsOf, synthesized } from "../synthesized.js";

const SIEM = "arn:aws:iam::777777777777:role/security/siem";
const ARCHIVE = "arn:aws:iam::777777777777:role/archive";
const OWN = "arn:aws:iam::222222222222:role/own-siem";
const VECTRA_ROLE = "arn:aws:iam::222222222222:role/vectra-cdr-log-reader";
const BUCKET = "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1";

const READERS = `{ create: { readers: ["${SIEM}", "${ARCHIVE}", "${OWN}"] } }`;
const SUBSCRIBERS =
  `{ create: { subscribers: [{ roleArn: "${SIEM}", protocols: [sqs], endpoints: ["arn:aws:sqs:eu-west-1:777777777777:logs"] }, ` +
  `{ roleArn: "${OWN}" }] } }`;

describe("GIVEN readers and subscribers beside Vectra", () => {
  const { summaries, stacks } = synthesized(cloudTrailFile({ logBucket: READERS, topic: SUBSCRIBERS }));
  const stack = stacks["log-archive"];
  const roots = { AWS: ["arn:aws:iam::777777777777:root", "arn:aws:iam::222222222222:root"] };
  const roles = { ArnEquals: { "aws:PrincipalArn": [SIEM, ARCHIVE, OWN] } };

  it("WHEN it is synthesized THEN the bucket's policy lets these roles read below the log prefix, and nothing else", () => {
    expect(Object.values(statementsOf(only(stack, "aws_s3_bucket_policy")["policy"])).slice(3)).toEqual([
      {
        Sid: "ReadersGetLogs",
        Effect: "Allow",
        Principal: roots,
        Action: "s3:GetObject",
        Resource: `${BUCKET}/AWSLogs/*`,
        Condition: roles,
      },
      {
        Sid: "ReadersListBucket",
        Effect: "Allow",
        Principal: roots,
        Action: ["s3:ListBucket", "s3:GetBucketLocation"],
        Resource: BUCKET,
        Condition: roles,
      },
    ]);
  });

  it("THEN the key's policy lets them decrypt, beside Vectra's role", () => {
    expect(statementsOf(only(stack, "aws_kms_key")["policy"])["ReadersDecryptLogs"]).toEqual({
      Sid: "ReadersDecryptLogs",
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::222222222222:root", "arn:aws:iam::777777777777:root"] },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { ArnEquals: { "aws:PrincipalArn": [VECTRA_ROLE, SIEM, ARCHIVE, OWN] } },
    });
  });

  it("THEN the topic's policy lets each subscribe, within its limits", () => {
    const topic = "${aws_sns_topic.topic_topic.arn}";
    expect(Object.values(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])).slice(2)).toEqual([
      {
        Sid: "VectraSubscribes",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999999999999:root" },
        Action: "sns:Subscribe",
        Resource: topic,
      },
      {
        Sid: "RolesSubscribe",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::777777777777:root" },
        Action: "sns:Subscribe",
        Resource: topic,
        Condition: {
          ArnEquals: { "aws:PrincipalArn": [SIEM] },
          StringEquals: { "sns:Protocol": ["sqs"] },
          StringLike: { "sns:Endpoint": ["arn:aws:sqs:eu-west-1:777777777777:logs"] },
        },
      },
      {
        Sid: "RolesSubscribe2",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "sns:Subscribe",
        Resource: topic,
        Condition: { ArnEquals: { "aws:PrincipalArn": [OWN] } },
      },
    ]);
  });

  it("THEN what the roles' own policies must hold is said", () => {
    const [reading, subscribing, ...others] = summaries[0]?.toDo ?? [];

    expect(others).toEqual([]);
    expect(reading?.what).toBe(
      `The policies of ${SIEM}, ${ARCHIVE}, ${OWN} must contain these statements: across accounts, both the policies of bucket and key and those of the roles have to allow access.`,
    );
    expect(JSON.parse(reading?.text ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "GetLogs", Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/AWSLogs/*` },
        {
          Sid: "ListBucket",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetBucketLocation"],
          Resource: BUCKET,
        },
        { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: "<ARN of the new log key>" },
      ],
    });
    expect(subscribing?.what).toBe(
      `The policies of ${SIEM}, ${OWN} must contain this statement: across accounts, both the topic's policy and those of the roles have to allow access.`,
    );
    expect(JSON.parse(subscribing?.text ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "SubscribeToTopic",
          Effect: "Allow",
          Action: "sns:Subscribe",
          Resource: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
        },
      ],
    });
  });
});

describe("GIVEN readers and subscribers of a bucket, key and topic that exist", () => {
  it("WHEN their policies are left alone THEN their owners are told what to add", () => {
    const { summaries, stacks } = synthesized(
      existingFile({
        logBucket: `{ existing: { name: our-logs, readers: ["${SIEM}"] } }`,
        topic: `{ existing: { arn: "${TOPIC}", subscribers: [{ roleArn: "${SIEM}", protocols: [https] }] } }`,
      }),
    );
    const toDo = summaries[0]?.toDo ?? [];

    expect(toDo.map(({ what }) => what)).toEqual([
      "The policy of bucket our-logs is not changed by this deployment: its owner must add these statements before you apply.",
      `The policy of key ${KEY} is not changed by this deployment: its owner must add these statements before you apply.`,
      `The policy of topic ${TOPIC} is not changed by this deployment: its owner must add these statements before you apply.`,
      `The policies of ${SIEM} must contain these statements: across accounts, both the policies of bucket and key and those of the roles have to allow access.`,
      `The policies of ${SIEM} must contain this statement: across accounts, both the topic's policy and those of the roles have to allow access.`,
    ]);
    expect(Object.keys(statementsOf(toDo[0]?.text))).toEqual(["ReadersGetLogs", "ReadersListBucket"]);
    expect(statementsOf(toDo[1]?.text)["ReadersDecryptLogs"]).toMatchObject({
      Condition: { ArnEquals: { "aws:PrincipalArn": [VECTRA_ROLE, SIEM] } },
    });
    expect(statementsOf(toDo[2]?.text)["RolesSubscribe"]).toMatchObject({
      Condition: { ArnEquals: { "aws:PrincipalArn": [SIEM] }, StringEquals: { "sns:Protocol": ["https"] } },
    });
    expect(statementsOf(toDo[3]?.text)["Decrypt"]).toMatchObject({ Resource: KEY });
    expect(stacks["log-archive"]?.resource["aws_s3_bucket_policy"]).toBeUndefined();
  });
});

describe("GIVEN a reader or subscriber that is not one role", () => {
  it.each([
    ["everybody", "*"],
    ["roles by pattern", "arn:aws:iam::777777777777:role/*"],
    ["roles below a path", "arn:aws:iam::777777777777:role/siem/*/reader"],
    ["a deleted role", "AROAEXAMPLEEXAMPLE123"],
    ["an account", "arn:aws:iam::777777777777:root"],
    ["a user", "arn:aws:iam::777777777777:user/siem"],
  ])("WHEN it is %s THEN it is refused at its line", (_, principal) => {
    expect(
      onlyDiagnosticOf(cloudTrailFile({ logBucket: `{ create: { readers: ["${principal}"] } }` })),
    ).toMatchObject({
      field: "cloudTrail.logBucket.create.readers[0]",
      line: 9,
      problem: expect.stringContaining("is not valid"),
    });
    expect(
      onlyDiagnosticOf(
        cloudTrailFile({ topic: `{ create: { subscribers: [{ roleArn: "${principal}" }] } }` }),
      ),
    ).toMatchObject({ field: "cloudTrail.topic.create.subscribers[0].roleArn", line: 11 });
  });

  it("WHEN a list is empty THEN it is refused", () => {
    expect(onlyDiagnosticOf(cloudTrailFile({ logBucket: "{ create: { readers: [] } }" })).field).toBe(
      "cloudTrail.logBucket.create.readers",
    );
  });
});

import { describe, expect, it } from "vitest";
import { onlyDiagnosticOf } from "../errors.js";
import { securityLakeFile, synthSecurityLake } from "../security-lake-deployment.js";
import { only } from "../synthesized.js";

const LOCATION = "s3://aws-security-data-lake-eu-west-1-abc123/ext/vectra-by-hand/";
const PROVIDER_ROLE =
  "arn:aws:iam::333333333333:role/service-role/AmazonSecurityLake-Provider-vectra-by-hand-eu-west-1";
const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";

function existing(
  values: {
    readonly location?: string;
    readonly role?: string;
    readonly externalId?: string;
    readonly more?: string;
  } = {},
  parts: Parameters<typeof securityLakeFile>[0] = {},
): string {
  const { location = LOCATION, role = PROVIDER_ROLE, externalId = "made-by-hand-1234", more = "" } = values;
  return securityLakeFile({
    ...parts,
    customSource: `existing:
      { location: "${location}", providerRoleArn: "${role}", externalId: "${externalId}"${more} }`,
  });
}

describe("GIVEN a custom source that was made by hand, as the product document asks", () => {
  it("WHEN it is synthesized THEN the exporter writes there as its provider role, and nothing of it is created", () => {
    const { stack, summary } = synthSecurityLake(existing());
    const { variables } = only(stack, "aws_lambda_function")["environment"] as {
      variables: Record<string, string>;
    };

    expect(variables).toMatchObject({
      LAKE_LOCATION: LOCATION,
      LAKE_REGION: "eu-west-1",
      LAKE_ROLE_ARN: PROVIDER_ROLE,
      LAKE_EXTERNAL_ID: "made-by-hand-1234",
    });
    expect(Object.keys(stack.resource)).not.toContain("aws_securitylake_custom_log_source");
    expect(Object.keys(stack.resource["aws_iam_role"] ?? {})).toEqual([
      "exporter_function_role",
      "exporter_schedules_role",
    ]);
    expect(stack.output["lake_location"]?.value).toBe(LOCATION);
    expect(summary?.purpose).toBe("existing custom source vectra-by-hand, exporter for acme every 5 minutes");
  });

  it("THEN a source that was created before is forgotten, not destroyed, with its crawler's role", () => {
    expect(synthSecurityLake(existing()).stack.removed).toEqual([
      { from: "aws_iam_role.custom-source_crawler-role", lifecycle: { destroy: false } },
      { from: "aws_iam_role_policy.custom-source_crawler-policy", lifecycle: { destroy: false } },
      {
        from: "aws_iam_role_policy_attachment.custom-source_crawler-service-policy",
        lifecycle: { destroy: false },
      },
      { from: "aws_securitylake_custom_log_source.custom-source_source", lifecycle: { destroy: false } },
    ]);
    expect(synthSecurityLake(`retain: false\n${existing()}`).stack.removed).toBeUndefined();
    expect(synthSecurityLake(securityLakeFile({})).stack.removed).toBeUndefined();
  });

  it.each([
    ["vectra", "SECURITY_FINDING"],
    ["detection-finding-1.3", "DETECTION_FINDING"],
  ])("WHEN the profile is %s THEN a person is told to check %s and the provider", (profile, eventClass) => {
    const { summary } = synthSecurityLake(
      existing(
        {},
        {
          tenants: `      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, profile: ${profile} }`,
        },
      ),
    );

    expect(summary?.toDo.map(({ what }) => what)).toEqual([
      `Before you apply, make sure that the existing custom source was created for the event class ${eventClass}, with ` +
        "account 333333333333 as its provider: the exporter writes that class from that account. Security Lake's API " +
        "does not report the event class, so it is not checked.",
    ]);
  });

  it("WHEN it has Athena queries THEN they are over the table that the file names", () => {
    const { stack } = synthSecurityLake(
      existing(
        { more: ", table: { database: lake_db, name: vectra_by_hand }" },
        { exporter: "athenaQueries: {}" },
      ),
    );
    const queries = Object.values(stack.resource["aws_athena_named_query"] ?? {});

    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) {
      expect(query).toMatchObject({
        database: "lake_db",
        query: expect.stringContaining('"lake_db"."vectra_by_hand"'),
      });
    }
  });

  it("WHEN its External ID is short THEN it is used, and a person is warned", () => {
    const { summary } = synthSecurityLake(existing({ externalId: "vectra" }));

    expect(summary?.warnings).toEqual([expect.stringContaining("externalId has only 6 characters")]);
  });

  it("WHEN the deployment's name is longer than a source's may be THEN nobody minds", () => {
    const text = existing().replace("name: vectra-cdr\n", "name: vectra-cdr-security\n");

    expect(synthSecurityLake(text).summary?.purpose).toContain("existing custom source vectra-by-hand");
  });
});

describe("GIVEN a lake with a customer key", () => {
  it("WHEN the source is created THEN its crawler may decrypt, and the key's statements are printed", () => {
    const { stack, summary } = synthSecurityLake(
      securityLakeFile({ source: ", rolePath: /crawlers/", lake: `kmsKeyArn: ${KEY}` }),
    );
    const policy = stack.resource["aws_iam_role_policy"]?.["custom-source_crawler-policy"]?.["policy"];

    expect(JSON.parse(String(policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CrawlObjects",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: "arn:aws:s3:::aws-security-data-lake-eu-west-1-abc123/ext/vectra-cdr/*",
        },
        {
          Sid: "DecryptLake",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: KEY,
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        },
      ],
    });
    const [, crawler, provider] = summary?.toDo ?? [];
    expect(summary?.toDo).toHaveLength(3);
    expect(crawler?.what).toBe(
      `Before you apply, add this statement to the policy of the lake's key ${KEY}, unless that policy leaves the ` +
        "decision to the account's IAM policies (as AWS's default key policy does), so that the source's crawler may " +
        "read what the exporter writes.",
    );
    expect(JSON.parse(crawler?.text ?? "")).toEqual({
      Sid: "CrawlerDecryptsLake",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::333333333333:root" },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::333333333333:role/crawlers/vectra-cdr-crawler" },
        StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      },
    });
    expect(provider?.what).toBe(
      `After you apply, add this statement to the policy of the lake's key ${KEY}, so that the exporter may write to ` +
        "the lake. Replace the role if the output lake_provider_role_arn names another one: KMS refuses a role that " +
        "does not exist.",
    );
    expect(JSON.parse(provider?.text ?? "")).toEqual({
      Sid: "ProviderEncryptsLake",
      Effect: "Allow",
      Principal: {
        AWS: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
      },
      Action: "kms:GenerateDataKey",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    });
    expect(stack.output["lake_provider_role_arn"]?.value).toBe(
      "${aws_securitylake_custom_log_source.custom-source_source.provider_details[0].role_arn}",
    );
  });

  it("WHEN the source exists THEN the provider role's statement alone is printed, with its own ARN", () => {
    const { summary } = synthSecurityLake(existing({}, { lake: `kmsKeyArn: ${KEY}` }));
    const [, provider, ...others] = summary?.toDo ?? [];

    expect(others).toEqual([]);
    expect(provider?.what).toBe(
      `Before you apply, make sure that the policy of the lake's key ${KEY} has this statement, so that the exporter ` +
        "may write to the lake.",
    );
    expect(JSON.parse(provider?.text ?? "")).toMatchObject({ Principal: { AWS: PROVIDER_ROLE } });
  });

  it("WHEN it has none THEN no such output is made", () => {
    expect(Object.keys(synthSecurityLake(securityLakeFile({})).stack.output)).not.toContain(
      "lake_provider_role_arn",
    );
  });
});

describe("GIVEN a source or key that cannot be THEN the error says where, what, what is allowed and what to do", () => {
  it.each([
    {
      what: "a source in another bucket",
      text: existing({ location: "s3://aws-security-data-lake-eu-west-1-zzz999/ext/vectra/" }),
      line: 8,
      field: "securityLake.customSource.existing.location",
      problem:
        '"s3://aws-security-data-lake-eu-west-1-zzz999/ext/vectra/" is not in the lake\'s bucket, ' +
        "aws-security-data-lake-eu-west-1-abc123",
      allowed: "s3://aws-security-data-lake-eu-west-1-abc123/ext/<source>/",
      remedy: "Correct the location, or securityLake.bucketName.",
    },
    {
      what: "a source of AWS's own",
      text: existing({ location: "s3://aws-security-data-lake-eu-west-1-abc123/aws/CLOUD_TRAIL/" }),
      line: 8,
      field: "securityLake.customSource.existing.location",
      allowed: "s3://<lake bucket>/ext/<source>/",
      remedy: 'Copy provider.location from "aws securitylake list-log-sources".',
    },
    {
      what: "a provider role of another account",
      text: existing({ role: "arn:aws:iam::444444444444:role/AmazonSecurityLake-Provider-x-eu-west-1" }),
      line: 8,
      field: "securityLake.customSource.existing.providerRoleArn",
      problem: "the role is in account 444444444444, but the lake is in 333333333333",
      allowed: "a role in account 333333333333",
      remedy: 'Copy provider.roleArn from "aws securitylake list-log-sources".',
    },
    {
      what: "a provider role of another partition",
      text: existing({
        role: "arn:aws-us-gov:iam::333333333333:role/AmazonSecurityLake-Provider-x-eu-west-1",
      }),
      line: 8,
      field: "securityLake.customSource.existing.providerRoleArn",
      allowed: "an ARN beginning with arn:aws:",
    },
    {
      what: "an External ID with a blank",
      text: existing({ externalId: "made by hand" }),
      line: 8,
      field: "securityLake.customSource.existing.externalId",
      allowed: "2 to 1224 letters, digits and =,.@:/-+_ in quotes",
    },
    {
      what: "a source without its External ID",
      text: securityLakeFile({
        customSource: `existing:\n      { location: "${LOCATION}", providerRoleArn: "${PROVIDER_ROLE}" }`,
      }),
      line: 7,
      field: "securityLake.customSource.existing.externalId",
      problem: "is missing",
    },
    {
      what: "both a new and an existing source",
      text: existing().replace("existing:\n", "create: { externalId: 4f0c9a7e1d5b48c2 }\n    existing:\n"),
      line: 6,
      field: "securityLake.customSource",
      problem: "has 2 keys (create, existing)",
      allowed: "exactly one of create, existing",
    },
    {
      what: "Athena queries over a table that nobody named",
      text: existing({}, { exporter: "athenaQueries: {}" }),
      line: 10,
      column: 5,
      field: "securityLake.exporter.athenaQueries",
      problem:
        "cannot be created without customSource.existing.table: Security Lake names the table, so it cannot be guessed",
      allowed: "exporter.athenaQueries with customSource.existing.table",
      remedy:
        "Set customSource.existing.table to the table's database and name, as Athena lists them, or omit exporter.athenaQueries.",
    },
    {
      what: "a lake's key of another region",
      text: securityLakeFile({ lake: `kmsKeyArn: ${KEY.replace("eu-west-1", "us-east-1")}` }),
      line: 13,
      column: 14,
      field: "securityLake.kmsKeyArn",
      problem: "the key is in us-east-1, but what it encrypts is in eu-west-1",
      allowed: "a key in eu-west-1",
      remedy: "Use a key in eu-west-1, or correct region.",
    },
    {
      what: "a lake's key of another partition",
      text: securityLakeFile({ lake: `kmsKeyArn: ${KEY.replace("arn:aws:", "arn:aws-cn:")}` }),
      line: 13,
      field: "securityLake.kmsKeyArn",
      allowed: "an ARN beginning with arn:aws:",
    },
    {
      what: "the alias of a lake's key",
      text: securityLakeFile({ lake: "kmsKeyArn: alias/lake" }),
      line: 13,
      field: "securityLake.kmsKeyArn",
      allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
      remedy:
        'Read the ARN of the key, not of its alias, with "aws kms describe-key --key-id alias/<name>" (Arn).',
    },
  ])("$what", ({ what: _, text, ...expected }) => {
    expect(onlyDiagnosticOf(text)).toMatchObject({ file: "deployment.yaml", ...expected });
  });
});

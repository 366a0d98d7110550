import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../deployment/file/diagnostics.js";
import { loadDeployment, parseDeployment } from "../../deployment/load.js";
import { errorOf, onlyDiagnosticOf } from "./errors.js";
import { deploymentWith, VALID_DEPLOYMENT } from "./valid-deployment.js";

describe("GIVEN a valid deployment file", () => {
  test("WHEN it leaves out what has a default THEN the defaults are filled in", () => {
    expect(parseDeployment(VALID_DEPLOYMENT, "deployment.yaml")).toEqual({
      name: "vectra-cdr",
      partition: "aws",
      region: "eu-west-1",
      retain: true,
      tags: { owner: "security" },
      terraform: { backend: { local: {} } },
      accounts: {
        management: {
          id: "111111111111",
          assumeRole: { roleArn: "arn:aws:iam::111111111111:role/terraform" },
        },
        logArchive: { id: "222222222222" },
        securityLake: { id: "333333333333" },
      },
      vectra: { accountId: "999999999999", externalId: "made-by-vectra" },
      cloudTrail: {
        organizationId: "o-a1b2c3d4e5",
        trail: {
          create: {
            multiRegion: true,
            events: {
              managementEvents: "all",
              excludeKmsEvents: true,
              excludeRdsDataApiEvents: false,
              s3DataEventAccess: "all",
            },
            insights: [],
          },
        },
        logBucket: {
          create: {
            transitionToGlacierAfterDays: 90,
            expireAfterDays: 365,
            noncurrentExpireAfterDays: 30,
          },
        },
        logKey: { create: {} },
        topic: { create: { subscription: {} } },
        notification: { trail: {} },
        role: { create: { iamContext: true } },
        stsV2Tokens: false,
      },
      securityLake: {
        bucketName: "aws-security-data-lake-eu-west-1-abc123",
        customSource: { create: { externalId: "4f0c9a7e1d5b48c2" } },
        exporter: {
          memorySize: 512,
          timeoutSeconds: 240,
          architecture: "arm64",
          logLevel: "INFO",
          tracing: false,
          lagThresholdSeconds: 1800,
          dashboard: false,
          savedQueries: false,
          logRetentionDays: 90,
          deletionProtection: false,
          alarmActions: [],
          tenants: [
            {
              name: "acme",
              url: "https://123123123123.uw2.portal.vectra.ai",
              secret: { create: {} },
              includeScoreDecreases: true,
              start: "beginning",
            },
          ],
        },
      },
    });
  });

  test("WHEN accounts share an anchor through a merge key THEN they share its fields", () => {
    const deployment = parseDeployment(
      deploymentWith(
        '  logArchive:\n    id: "222222222222"',
        '  logArchive: &own\n    id: "222222222222"',
      ).replace('  securityLake:\n    id: "333333333333"', "  securityLake:\n    <<: *own"),
      "deployment.yaml",
    );

    expect(deployment.accounts.securityLake).toEqual({ id: "222222222222" });
  });

  test("WHEN a tenant is simulated on this machine THEN http is accepted", () => {
    const text = deploymentWith("https://123123123123.uw2.portal.vectra.ai", "http://127.0.0.1:8080");

    const { securityLake } = parseDeployment(text, "deployment.yaml");

    expect(securityLake?.exporter.tenants[0]?.url).toBe("http://127.0.0.1:8080");
  });

  test("WHEN the environment names another region THEN the file decides", () => {
    process.env["AWS_REGION"] = "us-east-1";
    try {
      expect(parseDeployment(VALID_DEPLOYMENT, "deployment.yaml").region).toBe("eu-west-1");
    } finally {
      delete process.env["AWS_REGION"];
    }
  });
});

describe("GIVEN a file with one wrong field THEN the error says where, what, what is allowed and what to do", () => {
  test("11 digits of an account id", () => {
    expect(onlyDiagnosticOf(deploymentWith('"222222222222"', '"22222222222"'))).toEqual({
      file: "deployment.yaml",
      line: 11,
      column: 9,
      field: "accounts.logArchive.id",
      problem: '"22222222222" (11 digits) is not valid',
      allowed: "12 digits in quotes",
      remedy: 'Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
      excerpt: '  11 |     id: "22222222222"\n     |         ^^^^^^^^^^^^^',
    });
  });

  test.each<{ readonly what: string; readonly text: string } & Partial<Diagnostic>>([
    {
      what: "an account id without quotes, which YAML reads as a number",
      text: deploymentWith('"333333333333"', "011111111111"),
      line: 13,
      column: 9,
      field: "accounts.securityLake.id",
      problem: "011111111111 is a number for YAML, not text",
      remedy: 'Quote it: "011111111111".',
    },
    {
      what: "no External ID of Vectra",
      text: deploymentWith("  externalId: made-by-vectra\n", ""),
      line: 14,
      column: 1,
      field: "vectra.externalId",
      problem: "is missing",
      remedy: "Copy it unaltered from the Vectra UI, where it is shown while the AWS connection is created.",
    },
    {
      what: "an empty account of Vectra",
      text: deploymentWith('  accountId: "999999999999"', "  accountId:"),
      line: 15,
      column: 3,
      field: "vectra.accountId",
      problem: "is empty",
      remedy: "Copy it from the Vectra UI, where it is shown while the AWS connection is created.",
    },
    {
      what: "a misspelt key",
      text: deploymentWith("  organizationId:", "  organisationId: o-a1b2c3d4e5\n  organizationId:"),
      line: 18,
      column: 3,
      field: "cloudTrail.organisationId",
      problem: "unknown key",
      allowed:
        "organizationId, organization, trail, logBucket, logKey, topic, notification, role, leaving, stsV2Tokens",
      remedy: "Did you mean organizationId?",
    },
    {
      what: "a key that is like no other",
      text: deploymentWith("  topic: { create: {} }", "  topic: { create: { colour: red } }"),
      line: 22,
      column: 22,
      field: "cloudTrail.topic.create.colour",
      problem: "unknown key",
      allowed: "name, subscription, subscribers",
      remedy: "Remove it.",
    },
    {
      what: "AWS credentials",
      text: deploymentWith('role/terraform" }', 'role/terraform", accessKeyId: AKIAEXAMPLE }'),
      line: 9,
      column: 72,
      field: "accounts.management.assumeRole.accessKeyId",
      problem: "unknown key",
      remedy:
        "Remove it: AWS credentials come from the environment or the profile of whoever runs Terraform.",
      excerpt:
        '  9 |     assumeRole: { roleArn: "arn:aws:iam::111111111111:role/terraform", accessKeyId: *** }\n' +
        "    |                                                                        ^^^^^^^^^^^",
    },
    {
      what: "a doubled key",
      text: deploymentWith("region: eu-west-1", "region: eu-west-1\nregion: eu-west-1"),
      line: 3,
      column: 1,
      field: "region",
      problem: "duplicate key; first defined on line 2",
      remedy: "Remove one of the two, or merge them.",
    },
    {
      what: "an unknown region",
      text: deploymentWith("region: eu-west-1", "region: eu-west-11"),
      line: 2,
      column: 9,
      field: "region",
      problem: "eu-west-11 is not valid",
      remedy: "Did you mean eu-west-1?",
    },
    {
      what: "an availability zone in the place of a region",
      text: deploymentWith("region: eu-west-1", "region: eu-central-1a"),
      line: 2,
      column: 9,
      field: "region",
      problem: "eu-central-1a is not valid",
      allowed: "a region code such as eu-west-1",
      remedy: "Did you mean eu-central-1?",
    },
    {
      what: "another partition",
      text: deploymentWith("name: vectra-cdr", "name: vectra-cdr\npartition: aws-iso"),
      line: 2,
      column: 12,
      field: "partition",
      problem: "aws-iso is not valid",
      allowed: "aws, aws-us-gov, aws-cn",
      remedy: 'Choose one of them. Or leave it out for the default, "aws".',
    },
    {
      what: "a role of another account",
      text: deploymentWith("arn:aws:iam::111111111111:role", "arn:aws:iam::444444444444:role"),
      line: 9,
      column: 28,
      field: "accounts.management.assumeRole.roleArn",
      problem:
        '"arn:aws:iam::444444444444:role/terraform" is a role of account 444444444444, not of 111111111111',
      remedy: "Correct the role, or accounts.management.id.",
    },
    {
      what: "an S3 backend without its bucket",
      text: deploymentWith("backend: { local: {} }", "backend: { s3: { region: eu-west-1 } }"),
      line: 5,
      column: 14,
      field: "terraform.backend.s3.bucket",
      problem: "is missing",
      remedy: "Give the bare name: no s3://, no path, no upper case, no underscore.",
    },
    {
      what: "two backends",
      text: deploymentWith("{ local: {} }", "{ local: {}, s3: { bucket: our-state, region: eu-west-1 } }"),
      line: 5,
      column: 3,
      field: "terraform.backend",
      problem: "has 2 keys (local, s3)",
      allowed: "exactly one of local, s3",
    },
    {
      what: "an organization id of another kind",
      text: deploymentWith("o-a1b2c3d4e5", "ou-a1b2-c3d4e5f6"),
      line: 18,
      column: 19,
      field: "cloudTrail.organizationId",
      problem: "ou-a1b2-c3d4e5f6 (16 characters) is not valid",
      allowed: '"o-" and 10 to 32 lower-case letters and digits',
    },
    {
      what: "a bucket name with upper case",
      text: deploymentWith("logBucket: { create: {} }", "logBucket: { create: { name: Our-Logs } }"),
      line: 20,
      column: 32,
      field: "cloudTrail.logBucket.create.name",
      problem: "Our-Logs (8 characters) is not valid",
      remedy: "Give the bare name: no s3://, no path, no upper case, no underscore.",
    },
    {
      what: "logs that expire before they move",
      text: deploymentWith("logBucket: { create: {} }", "logBucket: { create: { expireAfterDays: 60 } }"),
      line: 20,
      column: 43,
      field: "cloudTrail.logBucket.create.expireAfterDays",
      problem: "logs would expire (60 days) before or when they move to Glacier (90 days)",
      allowed: "more than transitionToGlacierAfterDays (90)",
    },
    {
      what: "data events of the log bucket itself",
      text: deploymentWith(
        "trail: { create: {} }",
        "trail: { create: { events: { s3DataEvents: { only: [{ bucketName: vectra-cdr-logs-222222222222-eu-west-1 }] } } } }",
      ),
      line: 19,
      column: 69,
      field: "cloudTrail.trail.create.events.s3DataEvents.only[0].bucketName",
      remedy: "Remove it from the list.",
    },
    {
      what: "a permissions boundary of another account",
      text: deploymentWith(
        "role: { create: {} }",
        'role: { create: { permissionsBoundary: "arn:aws:iam::111111111111:policy/boundary" } }',
      ),
      line: 23,
      column: 42,
      field: "cloudTrail.role.create.permissionsBoundary",
      allowed: "a policy of account 222222222222 or an AWS managed one",
    },
    {
      what: "yes in the place of true",
      text: deploymentWith("role: { create: {} }", "role: { create: { iamContext: yes } }"),
      line: 23,
      column: 33,
      field: "cloudTrail.role.create.iamContext",
      problem: "yes is not valid",
      allowed: "true or false, without quotes",
    },
    {
      what: "a lake bucket of another region",
      text: deploymentWith("aws-security-data-lake-eu-west-1-", "aws-security-data-lake-us-east-1-"),
      line: 25,
      column: 15,
      field: "securityLake.bucketName",
      problem: '"aws-security-data-lake-us-east-1-abc123" is not the lake\'s bucket in eu-west-1',
      allowed: "aws-security-data-lake-eu-west-1-<id>",
    },
    {
      what: "a short External ID for the lake",
      text: deploymentWith("4f0c9a7e1d5b48c2", "too-short"),
      line: 28,
      column: 19,
      field: "securityLake.customSource.create.externalId",
      problem: "too-short (9 characters) is not valid",
      remedy: 'Make a random one, for example with "openssl rand -hex 16".',
    },
    {
      what: "an http address",
      text: deploymentWith("https://123", "http://123"),
      line: 32,
      column: 14,
      field: "securityLake.exporter.tenants[0].url",
      problem: "http://123123123123.uw2.portal.vectra.ai (40 characters) is not valid",
      remedy: "Write https://: the API client's secret would cross the network in clear text.",
    },
    {
      what: "two tenants of one name",
      text: `${VALID_DEPLOYMENT}      - { name: acme, url: "https://other.ew1.portal.vectra.ai" }\n`,
      line: 33,
      column: 17,
      field: "securityLake.exporter.tenants[1].name",
      problem: '"acme" is the name of securityLake.exporter.tenants[0] already',
      remedy: "Change one of the two or remove the doubled tenant.",
    },
    {
      what: "one tenant under two names",
      text: `${VALID_DEPLOYMENT}      - { name: again, url: "https://123123123123.uw2.portal.vectra.ai/" }\n`,
      line: 33,
      column: 29,
      field: "securityLake.exporter.tenants[1].url",
      problem:
        '"https://123123123123.uw2.portal.vectra.ai" is the url of securityLake.exporter.tenants[0] already',
    },
    {
      what: "a secret in another region",
      text: `${VALID_DEPLOYMENT}        secret: { existing: { arn: "arn:aws:secretsmanager:us-east-1:333333333333:secret:vectra-AbCdEf" } }\n`,
      line: 33,
      column: 36,
      field: "securityLake.exporter.tenants[0].secret.existing.arn",
      allowed: "a secret of account 333333333333 in eu-west-1, where the exporter runs",
    },
    {
      what: "an alarm topic in another region",
      text: deploymentWith(
        "    tenants:\n",
        "    alarmActions:\n      - arn:aws:sns:us-east-1:333333333333:alerts\n    tenants:\n",
      ),
      line: 31,
      column: 9,
      field: "securityLake.exporter.alarmActions[0]",
      problem:
        '"arn:aws:sns:us-east-1:333333333333:alerts" is a topic in us-east-1, but the alarms are in eu-west-1',
    },
    {
      what: "a name in the place of an alarm topic",
      text: deploymentWith("    tenants:\n", "    alarmActions: [alerts]\n    tenants:\n"),
      line: 30,
      column: 20,
      field: "securityLake.exporter.alarmActions[0]",
      problem: "alerts (6 characters) is not valid",
      remedy: 'Read it with "aws sns list-topics".',
    },
    {
      what: "no tenant",
      text: `${VALID_DEPLOYMENT.slice(0, VALID_DEPLOYMENT.indexOf("    tenants:"))}    tenants: []\n`,
      line: 30,
      column: 5,
      field: "securityLake.exporter.tenants",
      problem: "has 0 entries",
      allowed: "1 to 10 tenants",
    },
    {
      what: "a log retention that CloudWatch does not know",
      text: deploymentWith("    tenants:\n", "    logRetentionDays: 100\n    tenants:\n"),
      line: 30,
      column: 23,
      field: "securityLake.exporter.logRetentionDays",
      problem: "100 is not valid",
    },
    {
      what: "a deployment name that makes the source's name too long",
      text: deploymentWith("name: vectra-cdr", "name: vectra-cdr-for-our-company"),
      line: 1,
      column: 7,
      field: "name",
      problem: 'makes the name of the custom source 26 characters long ("vectra-cdr-for-our-company")',
      remedy: "Shorten the deployment's name by 6, or set securityLake.customSource.create.name.",
    },
    {
      what: "a tag that AWS keeps for itself",
      text: deploymentWith("{ owner: security }", '{ "aws:owner": security }'),
      line: 3,
      column: 9,
      field: "tags.aws:owner",
      problem: "is not a valid key",
      remedy: "Rename the tag.",
    },
    {
      what: "a list in the place of a mapping",
      text: deploymentWith(
        '  logArchive:\n    id: "222222222222"',
        '  logArchive:\n    - id: "222222222222"',
      ),
      line: 10,
      column: 3,
      field: "accounts.logArchive",
      problem: "a list is not valid",
      allowed: "a mapping with id, assumeRole",
    },
    {
      what: "an empty mapping where {} is due",
      text: deploymentWith("  logKey: { create: {} }", "  logKey:\n    create:"),
      line: 22,
      column: 5,
      field: "cloudTrail.logKey.create",
      problem: "is empty",
      remedy: 'Write "create: {}".',
    },
    {
      what: "an alias without an anchor",
      text: deploymentWith("region: eu-west-1", "region: *home"),
      line: 2,
      column: 9,
      field: "",
      problem: "alias *home has no earlier anchor, or refers to a node that contains it",
    },
    {
      what: "a tab as indentation",
      text: deploymentWith("  backend: { local: {} }", "\tbackend: { local: {} }"),
      line: 5,
      column: 1,
      field: "",
      problem: "YAML: tabs are not allowed as indentation",
    },
  ])("$what", ({ what: _, text, ...expected }) => {
    expect(onlyDiagnosticOf(text)).toMatchObject({ file: "deployment.yaml", ...expected });
  });

  test("more tenants than the function's environment holds", () => {
    const others = Array.from(
      { length: 10 },
      (_, index) =>
        `      - { name: tenant-${index}, url: "https://tenant-${index}.uw2.portal.vectra.ai" }\n`,
    );

    expect(onlyDiagnosticOf(VALID_DEPLOYMENT + others.join(""))).toMatchObject({
      line: 30,
      column: 5,
      field: "securityLake.exporter.tenants",
      problem: "has 11 entries",
      allowed: "1 to 10 tenants",
    });
  });
});

describe("GIVEN a file with several errors", () => {
  test("WHEN it is read THEN all of them are told at once, in the order of the file", () => {
    const text = `${VALID_DEPLOYMENT}      - { name: acme, url: "https://other.ew1.portal.vectra.ai" }\n`
      .replace('"222222222222"', '"2222"')
      .replace("  externalId: made-by-vectra\n", "")
      .replace("region: eu-west-1", "regoin: eu-west-1");

    expect(errorOf(text).diagnostics.map(({ line, field }) => `${line} ${field}`)).toEqual([
      "1 region",
      "2 regoin",
      "11 accounts.logArchive.id",
      "14 vectra.externalId",
      "32 securityLake.exporter.tenants[1].name",
    ]);
  });

  test("WHEN the error is printed THEN each stands after file:line:column with its excerpt", () => {
    const text = deploymentWith('"222222222222"', '"2222"').replace("https://123", "http://123");

    expect(errorOf(text).message).toBe(
      [
        'deployment.yaml:11:9  accounts.logArchive.id: "2222" (4 digits) is not valid. Allowed: 12 digits in quotes. Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
        '  11 |     id: "2222"',
        "     |         ^^^^^^",
        "",
        "deployment.yaml:32:14  securityLake.exporter.tenants[0].url: http://123123123123.uw2.portal.vectra.ai (40 characters) is not valid. Allowed: https://<tenant>.<region>.portal.vectra.ai without path, user or query. Write https://: the API client's secret would cross the network in clear text.",
        "  32 |         url: http://123123123123.uw2.portal.vectra.ai",
        "     |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "",
        "2 errors; nothing was written.",
      ].join("\n"),
    );
  });

  test("WHEN something wrong comes from an anchor THEN its place is where it is written", () => {
    const text = deploymentWith(
      '  logArchive:\n    id: "222222222222"\n  securityLake:\n    id: "333333333333"',
      '  logArchive: &own\n    id: "2222"\n  securityLake:\n    <<: *own',
    );

    expect(errorOf(text).diagnostics.map(({ line, column, field }) => [line, column, field])).toEqual([
      [11, 9, "accounts.logArchive.id"],
      [11, 9, "accounts.securityLake.id"],
    ]);
  });
});

describe("GIVEN a file that holds a secret", () => {
  const tenant = "        url: https://123123123123.uw2.portal.vectra.ai\n";
  const advice =
    "Remove it, and replace it in Vectra if anybody else saw it: secrets do not belong in this file. " +
    "The tenant's client id and secret belong in AWS Secrets Manager; " +
    "the outputs of the security-lake stack show the command that puts them there.";

  test("WHEN it stands under a key of its own THEN the error says where it belongs and does not repeat it", () => {
    const error = errorOf(deploymentWith(tenant, `${tenant}        clientSecret: hunter2\n`));

    expect(error.diagnostics).toEqual([
      {
        file: "deployment.yaml",
        line: 33,
        column: 9,
        field: "securityLake.exporter.tenants[0].clientSecret",
        problem: "unknown key",
        allowed:
          "name, url, partitionAccountId, secret, includeScoreDecreases, start, api, profile, rawData, filters, partitionBy, assignmentRequired, accumulate",
        remedy: advice,
        excerpt: "  33 |         clientSecret: ***\n     |         ^^^^^^^^^^^^",
      },
    ]);
    expect(error.message).not.toContain("hunter2");
  });

  test("WHEN it stands in the place of the secret's ARN THEN it is not repeated either", () => {
    const error = errorOf(deploymentWith(tenant, `${tenant}        secret: hunter2\n`));

    expect(error.diagnostics[0]).toMatchObject({
      line: 33,
      field: "securityLake.exporter.tenants[0].secret",
      problem: "a value that is not repeated here is not valid",
      remedy: advice,
    });
    expect(error.message).not.toContain("hunter2");
  });

  test.each([
    ["beside another error in one line", "{ name: b, clientSecret: hunter2, url: http://b.example }"],
    ["below an unknown key", "{ name: b, url: https://b.example, login: { user: hunter2 }, start: now }"],
    ["in an address", "{ name: b, url: https://me:hunter2@b.example }"],
    [
      "as a value of the secret",
      "{ name: b, url: https://b.example, secret: { create: {}, value: hunter2 } }",
    ],
    ["in text of several lines", '{ name: b, url: 7, api_key: "hunter2\n          hunter2" }'],
  ])("WHEN it stands %s THEN no excerpt shows it", (_, other) => {
    expect(errorOf(`${VALID_DEPLOYMENT}      - ${other}\n`).message).not.toContain("hunter2");
  });

  test("WHEN its quote is not closed THEN no excerpt shows it", () => {
    expect(errorOf(`${VALID_DEPLOYMENT}        clientSecret: "hunter2\n`).message).not.toContain("hunter2");
  });
});

describe("GIVEN no usable file", () => {
  test("WHEN it does not exist THEN the error says so", () => {
    expect(() => loadDeployment("no-such-file.yaml")).toThrow(
      "no-such-file.yaml:1:1  cannot be read (ENOENT). Copy examples/organization/deployment.yaml and fill in your values.",
    );
  });

  test("WHEN it is empty THEN the error says what belongs in it", () => {
    expect(onlyDiagnosticOf("")).toMatchObject({
      line: 1,
      column: 1,
      field: "",
      problem: "is empty",
      allowed:
        "a mapping with name, partition, region, retain, tags, terraform, accounts, vectra, cloudTrail, securityLake, brainEgress",
    });
  });

  test("WHEN an anchor holds itself THEN the error says so", () => {
    expect(onlyDiagnosticOf("accounts: &a\n  management: *a\n")).toMatchObject({ line: 2, column: 15 });
  });
});

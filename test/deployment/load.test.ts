import { describe, expect, it } from "vitest";
import { parseDeployment } from "../../deployment/load.js";
import { errorOf } from "./errors.js";
import { deploymentWith, VALID_DEPLOYMENT } from "./valid-deployment.js";

describe("GIVEN a valid deployment file", () => {
  it("WHEN it leaves out what has a default THEN the defaults are filled in", () => {
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
        role: {
          create: {
            iamContext: true,
            readDigests: false,
            readInsights: false,
            listLogsOnly: false,
            maxSessionSeconds: 3600,
          },
        },
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

  it("WHEN accounts share an anchor through a merge key THEN they share its fields", () => {
    const deployment = parseDeployment(
      deploymentWith(
        '  logArchive:\n    id: "222222222222"',
        '  logArchive: &own\n    id: "222222222222"',
      ).replace('  securityLake:\n    id: "333333333333"', "  securityLake:\n    <<: *own"),
      "deployment.yaml",
    );

    expect(deployment.accounts.securityLake).toEqual({ id: "222222222222" });
  });

  it("WHEN a tenant is simulated on this machine THEN http is accepted", () => {
    const text = deploymentWith("https://123123123123.uw2.portal.vectra.ai", "http://127.0.0.1:8080");

    const { securityLake } = parseDeployment(text, "deployment.yaml");

    expect(securityLake?.exporter.tenants[0]?.url).toBe("http://127.0.0.1:8080");
  });

  it("WHEN the environment names another region THEN the file decides", () => {
    process.env["AWS_REGION"] = "us-east-1";
    try {
      expect(parseDeployment(VALID_DEPLOYMENT, "deployment.yaml").region).toBe("eu-west-1");
    } finally {
      delete process.env["AWS_REGION"];
    }
  });
});

describe("GIVEN a file with several errors", () => {
  it("WHEN it is read THEN all of them are told at once, in the order of the file", () => {
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

  it("WHEN the error is printed THEN each stands after file:line:column with its excerpt", () => {
    const text = deploymentWith('"222222222222"', '"2222"').replace("https://123", "http://123");

    expect(errorOf(text).message).toBe(
      [
        'deployment.yaml:11:9  accounts.logArchive.id: "2222" (4 digits) is not valid. Allowed: 12 digits in quotes. Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
        '  11 |     id: "2222"',
        "     |         ^^^^^^",
        "",
        "deployment.yaml:32:14  securityLake.exporter.tenants[0].url: http://123123123123.uw2.portal.vectra.ai (40 characters) is not valid. Allowed: https://<tenant>.<region>.portal.vectra.ai without path, user or query. Use https://; otherwise the API client's secret would cross the network in clear text.",
        "  32 |         url: http://123123123123.uw2.portal.vectra.ai",
        "     |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "",
        "2 errors; nothing was written.",
      ].join("\n"),
    );
  });

  it("WHEN something wrong comes from an anchor THEN its place is where it is written", () => {
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

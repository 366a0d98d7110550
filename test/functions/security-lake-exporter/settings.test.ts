import { describe, expect, it } from "vitest";
import { readSettings } from "../../../functions/security-lake-exporter/settings.js";

const TENANT = {
  name: "acme",
  url: "https://123123123123.uw2.portal.vectra.ai",
  secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf",
  partitionAccountId: "333333333333",
  includeScoreDecreases: true,
  start: "beginning",
};
/** The tenant with every default. */
const COMPLETE = {
  ...TENANT,
  api: "v3.4",
  profile: "vectra",
  rawData: false,
  filters: { accounts: "all", prioritizedOnly: false },
  partitionBy: "fixed",
  assignmentRequired: false,
};
const ENVIRONMENT = {
  TENANTS: JSON.stringify([TENANT]),
  CHECKPOINT_TABLE: "vectra-cdr-checkpoints",
  LAKE_LOCATION: "s3://aws-security-data-lake-eu-west-1-abc/ext/vectra-cdr/",
  LAKE_REGION: "eu-west-1",
  LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  LAKE_EXTERNAL_ID: "0123456789abcdef",
};

describe("settings", () => {
  it("come from the environment", () => {
    expect(readSettings(ENVIRONMENT)).toEqual({
      tenants: [COMPLETE],
      checkpointTable: "vectra-cdr-checkpoints",
      lake: {
        bucket: "aws-security-data-lake-eu-west-1-abc",
        prefix: "ext/vectra-cdr/",
        region: "eu-west-1",
        roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
        externalId: "0123456789abcdef",
      },
    });
  });

  it.each(["start", "includeScoreDecreases"] as const)(
    "are refused without a tenant's %s, which the construct always writes",
    (option) => {
      const { [option]: _, ...tenant } = TENANT;

      expect(() => readSettings({ ...ENVIRONMENT, TENANTS: JSON.stringify([tenant]) })).toThrow(
        `Environment variable TENANTS is invalid: TENANTS.0.${option}: Invalid`,
      );
    },
  );

  it.each(["s3://bucket/ext/source", "s3://bucket/ext/source/", "s3a://bucket/ext/source//"])(
    "take the location %s with or without its closing slash",
    (location) => {
      expect(readSettings({ ...ENVIRONMENT, LAKE_LOCATION: location }).lake).toMatchObject({
        bucket: "bucket",
        prefix: "ext/source/",
      });
    },
  );

  it.each(Object.keys(ENVIRONMENT))("are refused without %s", (name) => {
    expect(() => readSettings({ ...ENVIRONMENT, [name]: "" })).toThrow(
      `Environment variable ${name} is not set. The Exporter construct sets it: deploy it again.`,
    );
  });

  it.each([
    [
      "a location that is no S3 URL",
      { LAKE_LOCATION: "bucket/ext" },
      "must look like s3://bucket/ext/source/",
    ],
    ["tenants that are not JSON", { TENANTS: "[{" }, "TENANTS is not JSON"],
    ["no tenant", { TENANTS: "[]" }, "TENANTS is invalid: TENANTS: Too small"],
    [
      "an account of 11 digits",
      withTenant({ partitionAccountId: "12345678901" }),
      "TENANTS.0.partitionAccountId",
    ],
    [
      "a tenant without TLS",
      withTenant({ url: "http://acme.example" }),
      "TENANTS.0.url: must be an https origin",
    ],
    [
      "a URL with a path",
      withTenant({ url: "https://acme.example/api" }),
      "TENANTS.0.url: must be an https origin",
    ],
    [
      "a URL with credentials",
      withTenant({ url: "https://me:pw@acme.example" }),
      "TENANTS.0.url: must be an https origin",
    ],
  ])("are refused with %s", (_name, change, message) => {
    expect(() => readSettings({ ...ENVIRONMENT, ...change })).toThrow(message);
  });

  it.each(["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])(
    "allow clear text to a simulated tenant at %s",
    (url) => {
      expect(readSettings({ ...ENVIRONMENT, ...withTenant({ url }) }).tenants[0]?.url).toBe(url);
    },
  );
});

function withTenant(change: Partial<typeof TENANT>): { TENANTS: string } {
  return { TENANTS: JSON.stringify([{ ...TENANT, ...change }]) };
}

import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  CustomSource,
  type CustomSourceAttributes,
  Exporter,
  type ICustomSource,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { requiredProps } from "./exporter-rig.js";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
/** As Security Lake's console makes it: under a path. */
const PROVIDER_ROLE =
  "arn:aws:iam::333333333333:role/service-role/AmazonSecurityLake-Provider-vectra-by-hand-eu-west-1";

const required: CustomSourceAttributes = {
  location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-by-hand/",
  providerRoleArn: PROVIDER_ROLE,
  externalId: "0123456789abcdef",
  accountId: "333333333333",
};

const exporterProps = requiredProps();

function synth(attributes: Partial<CustomSourceAttributes> = {}): {
  source: ICustomSource;
  template: Template;
} {
  const made: ICustomSource[] = [];
  const template = synthTemplate((stack) => {
    made.push(CustomSource.fromCustomSourceAttributes(stack, "source", { ...required, ...attributes }));
    // A stack without anything is none.
    new TerraformOutput(stack, "location", { value: made[0]?.location });
  });
  const [source] = made;
  if (source === undefined) {
    throw new Error("No source was made");
  }
  return { source, template };
}

describe("GIVEN a custom source that was made by hand", () => {
  it("WHEN it is named THEN it says what it is, and nothing is created", () => {
    const table = {
      database: "amazon_security_lake_glue_db_eu_west_1",
      name: "amazon_security_lake_table_ext",
    };
    const { source, template } = synth({ eventClass: "SECURITY_FINDING", table });
    const { location, providerRoleArn, externalId, eventClass } = source;

    expect(template.resourceCounts()).toEqual({});
    expect({ location, providerRoleArn, externalId, eventClass, table: source.table }).toEqual({
      ...{ location: required.location, providerRoleArn: PROVIDER_ROLE, externalId: "0123456789abcdef" },
      eventClass: "SECURITY_FINDING",
      table,
    });
    expect(source.keyStatementsToAdd).toEqual([]);
  });

  it("WHEN an exporter fills it THEN it assumes its provider role, with its External ID, and writes there", () => {
    const template = synthTemplate((stack) => {
      const customSource = CustomSource.fromCustomSourceAttributes(stack, "source", required);
      new Exporter(stack, "exporter", { ...exporterProps, customSource });
    });
    const { Statement } = template.policy("aws_iam_role_policy", { name: "exporter_function_policy" }) as {
      Statement: { Sid: string }[];
    };
    const { variables } = template.resource("aws_lambda_function")["environment"] as {
      variables: Record<string, string>;
    };

    expect(Statement.find(({ Sid }) => Sid === "AssumeProviderRole")).toEqual({
      Sid: "AssumeProviderRole",
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: PROVIDER_ROLE,
      Condition: { StringEquals: { "sts:ExternalId": "0123456789abcdef" } },
    });
    expect(variables).toMatchObject({
      LAKE_LOCATION: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-by-hand/",
      LAKE_ROLE_ARN: PROVIDER_ROLE,
      LAKE_EXTERNAL_ID: "0123456789abcdef",
    });
  });

  it("WHEN its event class is known THEN an exporter of another class is refused", () => {
    expect(() =>
      synthTemplate((stack) => {
        const customSource = CustomSource.fromCustomSourceAttributes(stack, "source", {
          ...required,
          eventClass: "DETECTION_FINDING",
        });
        new Exporter(stack, "exporter", { ...exporterProps, customSource });
      }),
    ).toThrow(
      /tenants\[0\].profile is omitted: the default profile, vectra, writes SECURITY_FINDING, but the custom source \(customSource\.eventClass\) holds DETECTION_FINDING/,
    );
  });

  it("WHEN the lake has a customer key THEN its policy must let the provider role write, through S3", () => {
    expect(synth({ kmsKeyArn: KEY, region: "eu-west-1" }).source.keyStatementsToAdd).toEqual([
      {
        Sid: "ProviderEncryptsLake",
        Effect: "Allow",
        Principal: { AWS: PROVIDER_ROLE },
        Action: "kms:GenerateDataKey",
        Resource: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("WHEN its External ID is short THEN it is used, with a warning", () => {
    const warnings = ({ source }: { source: ICustomSource }) => source.node.metadata.map(({ data }) => data);

    expect(warnings(synth({ externalId: "vectra" }))).toEqual([
      "externalId has only 6 characters and can be guessed; it is all that keeps other principals of the provider's " +
        "account from writing to the source. Use a random one of 16 or more for the next source.",
    ]);
    expect(warnings(synth())).toEqual([]);
  });

  it("WHEN everything is a token THEN it is taken as it is", () => {
    const template = synthTemplate((stack) => {
      const source = CustomSource.fromCustomSourceAttributes(stack, "source", {
        location: variable(stack, "location"),
        providerRoleArn: variable(stack, "role"),
        externalId: variable(stack, "external_id"),
        accountId: variable(stack, "account"),
        eventClass: variable(stack, "class"),
        table: { database: variable(stack, "database"), name: variable(stack, "table") },
        kmsKeyArn: variable(stack, "key"),
        region: variable(stack, "region"),
        partition: variable(stack, "partition"),
      });
      new TerraformOutput(stack, "statements", { value: JSON.stringify(source.keyStatementsToAdd) });
    });

    expect(template.text).toContain("${var.role}");
    expect(template.text).toContain("s3.${var.region}.${lookup(");
  });

  it.each<[string, Partial<CustomSourceAttributes>, RegExp]>([
    [
      "a bucket alone",
      { location: "s3://bucket" },
      /location is "s3:\/\/bucket": must be the location of a custom source/,
    ],
    [
      "a source of AWS",
      { location: "s3://bucket/aws/CLOUD_TRAIL/" },
      /location is .*s3:\/\/<lake bucket>\/ext\/<source>\//,
    ],
    ["a folder in a source", { location: "s3://bucket/ext/a/region=eu-west-1/" }, /location is /],
    ["an ARN as location", { location: "arn:aws:s3:::bucket/ext/a/" }, /location is /],
    ["an https URL", { location: "https://bucket.s3.amazonaws.com/ext/a/" }, /location is /],
    [
      "a role's name",
      { providerRoleArn: "AmazonSecurityLake-Provider-x" },
      /providerRoleArn is .*must be a role ARN/,
    ],
    [
      "a role of another account",
      { providerRoleArn: "arn:aws:iam::444444444444:role/AmazonSecurityLake-Provider-x-eu-west-1" },
      /providerRoleArn is "arn:aws:iam::444444444444.*the role is in account 444444444444, but the lake is in 333333333333\. Copy provider\.roleArn/,
    ],
    [
      "a role of another partition",
      { partition: "aws-us-gov" },
      /providerRoleArn is .*the role is in partition aws, but the lake is in aws-us-gov/,
    ],
    ["an External ID of one character", { externalId: "x" }, /externalId is "x".*2 to 1224/],
    ["an External ID with a blank", { externalId: "vectra cdr" }, /externalId is "vectra cdr"/],
    ["a short account", { accountId: "3" }, /accountId is "3"/],
    ["an invented event class", { eventClass: "FINDING" }, /eventClass is "FINDING"/],
    ["a table's name in capitals", { table: { database: "db", name: "T" } }, /table.name is "T"/],
    [
      "a key without the lake's region",
      { kmsKeyArn: KEY },
      /region is undefined: must be set together with kmsKeyArn/,
    ],
    ["a key of another region", { kmsKeyArn: KEY, region: "us-east-1" }, /kmsKeyArn is .*us-east-1/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("WHEN it has %s THEN it is refused", (_, attributes, message) => {
    expect(() => synth(attributes)).toThrow(message);
  });
});

describe("GIVEN a custom source that is created in a lake with a customer key", () => {
  const statementsOf = (region: string, partition: string) => {
    const made: CustomSource[] = [];
    const template = synthTemplate((stack) => {
      const source = new CustomSource(stack, "source", {
        sourceName: "vectra-cdr",
        providerAccountId: "333333333333",
        externalId: "0123456789abcdef",
        accountId: "333333333333",
        crawlerRoleName: "vectra-cdr-crawler",
        crawlerRolePath: "/crawlers/",
        lakeBucketName: `aws-security-data-lake-${region}-abcdefghij`,
        kmsKeyArn: KEY.replace("arn:aws:", `arn:${partition}:`).replace("eu-west-1", region),
        region,
        partition,
      });
      made.push(source);
      new TerraformOutput(stack, "statements", { value: JSON.stringify(source.keyStatementsToAdd) });
    });
    const { value } = JSON.parse(template.text).output.statements as { value: string };
    return JSON.parse(value) as unknown;
  };

  it.each([
    ["aws", "eu-west-1"],
    ["aws-us-gov", "us-gov-west-1"],
  ])(
    "THEN in partition %s the key's policy must let crawler and provider role use it, through S3",
    (partition, region) => {
      expect(statementsOf(region, partition)).toEqual([
        {
          Sid: "CrawlerDecryptsLake",
          Effect: "Allow",
          Principal: { AWS: `arn:${partition}:iam::333333333333:root` },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": `arn:${partition}:iam::333333333333:role/crawlers/vectra-cdr-crawler`,
            },
            StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
          },
        },
        {
          Sid: "ProviderEncryptsLake",
          Effect: "Allow",
          Principal: {
            AWS: "${aws_securitylake_custom_log_source.source_source.provider_details[0].role_arn}",
          },
          Action: "kms:GenerateDataKey",
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
        },
      ]);
    },
  );
});

import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  CustomSource,
  type CustomSourceProps,
  eventClassOf,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";

const required: CustomSourceProps = {
  sourceName: "vectra-cdr",
  providerAccountId: "333333333333",
  externalId: "0123456789abcdef",
  accountId: "333333333333",
  crawlerRoleName: "vectra-cdr-crawler",
  lakeBucketName: "aws-security-data-lake-eu-west-1-abcdefghij",
};

function synth(props: Partial<CustomSourceProps> = {}): Template {
  return synthTemplate((stack) => new CustomSource(stack, "source", { ...required, ...props }));
}

const crawlObjects = {
  Sid: "CrawlObjects",
  Effect: "Allow",
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: "arn:aws:s3:::aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/*",
};

describe("CustomSource", () => {
  it("registers security findings after the crawler's rights are in place", () => {
    expect(synth().resource("aws_securitylake_custom_log_source")).toEqual({
      source_name: "vectra-cdr",
      event_classes: ["SECURITY_FINDING"],
      configuration: [
        {
          crawler_configuration: [{ role_arn: "${aws_iam_role.source_crawler-role.arn}" }],
          provider_identity: [{ external_id: "0123456789abcdef", principal: "333333333333" }],
        },
      ],
      depends_on: [
        "aws_iam_role_policy_attachment.source_crawler-service-policy",
        "aws_iam_role_policy.source_crawler-policy",
      ],
      lifecycle: { prevent_destroy: true },
    });
  });

  it("gives the crawler a role that Glue assumes for this account", () => {
    const template = synth();

    expect(template.resource("aws_iam_role")["name"]).toBe("vectra-cdr-crawler");
    expect(template.policy("aws_iam_role", { attribute: "assume_role_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "GlueAssumesRole",
          Effect: "Allow",
          Principal: { Service: "glue.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEqualsIfExists: { "aws:SourceAccount": "333333333333" } },
        },
      ],
    });
    expect(template.resource("aws_iam_role_policy_attachment")).toEqual({
      role: "${aws_iam_role.source_crawler-role.name}",
      policy_arn: "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole",
    });
  });

  it("bounds the crawler's role", () => {
    const permissionsBoundary = "arn:aws:iam::333333333333:policy/boundary";

    expect(synth({ permissionsBoundary }).resource("aws_iam_role")["permissions_boundary"]).toBe(
      permissionsBoundary,
    );
    expect(synth().text).not.toContain("permissions_boundary");
  });

  it("lets the crawler touch the source's objects only", () => {
    expect(synth().policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [crawlObjects],
    });
  });

  it("lets the crawler decrypt with the lake's customer key, through S3 in the lake's region", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
    expect(synth({ kmsKeyArn, region: "eu-west-1" }).policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        crawlObjects,
        {
          Sid: "DecryptLake",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: kmsKeyArn,
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
        },
      ],
    });
  });

  it("takes another event class and partition, and can be let go", () => {
    const template = synth({ eventClasses: ["DETECTION_FINDING"], partition: "aws-us-gov", retain: false });
    const source = template.resource("aws_securitylake_custom_log_source");

    expect(source["event_classes"]).toEqual(["DETECTION_FINDING"]);
    expect(source).not.toHaveProperty("lifecycle");
    expect(template.text).toContain("arn:aws-us-gov:iam::aws:policy/service-role/AWSGlueServiceRole");
    expect(template.text).toContain("arn:aws-us-gov:s3:::aws-security-data-lake-eu-west-1-abcdefghij/ext/");
  });

  it("tells what Security Lake reports, and the External ID", () => {
    const template = synthTemplate((stack) => {
      const source = new CustomSource(stack, "source", required);
      const { location, providerRoleArn, externalId, sourceName, eventClass } = source;
      new TerraformOutput(stack, "all", {
        value: [location, providerRoleArn, externalId, sourceName, eventClass].join(" "),
      });
    });
    const address = "aws_securitylake_custom_log_source.source_source";
    expect(template.text).toContain(
      `\${${address}.provider_details[0].location} \${${address}.provider_details[0].role_arn} 0123456789abcdef \${${address}.source_name} SECURITY_FINDING`,
    );
  });

  it("takes a token for every prop", () => {
    const template = synthTemplate(
      (stack) =>
        new CustomSource(stack, "source", {
          sourceName: variable(stack, "name"),
          eventClasses: [variable(stack, "class")],
          providerAccountId: variable(stack, "provider"),
          externalId: variable(stack, "external_id"),
          accountId: variable(stack, "account"),
          crawlerRoleName: variable(stack, "crawler"),
          lakeBucketName: variable(stack, "bucket"),
          kmsKeyArn: variable(stack, "key"),
          region: variable(stack, "region"),
          crawlerRolePath: variable(stack, "path"),
          permissionsBoundary: variable(stack, "boundary"),
          partition: variable(stack, "partition"),
        }),
    );
    expect(template.resource("aws_securitylake_custom_log_source")).toMatchObject({
      source_name: "${var.name}",
      event_classes: ["${var.class}"],
      configuration: [
        { provider_identity: [{ external_id: "${var.external_id}", principal: "${var.provider}" }] },
      ],
    });
    expect(template.resource("aws_iam_role")["name"]).toBe("${var.crawler}");
    expect(template.text).toContain("arn:${var.partition}:s3:::${var.bucket}/ext/${var.name}/*");
    expect(template.text).toContain("${var.account}");
    expect(template.text).toContain("${var.key}");
    expect(template.text).toContain("${var.boundary}");
  });

  it("does not collide with a second one", () => {
    const template = synthTemplate((stack) => {
      new CustomSource(stack, "one", required);
      new CustomSource(stack, "two", required);
    });
    expect(template.resourceCounts()).toEqual({
      aws_iam_role: 2,
      aws_iam_role_policy: 2,
      aws_iam_role_policy_attachment: 2,
      aws_securitylake_custom_log_source: 2,
    });
  });

  it.each<[string, Partial<CustomSourceProps>, RegExp]>([
    ["a name of 21 characters", { sourceName: "x".repeat(21) }, /sourceName is "x{21}".*1 to 20/],
    ["a name with a slash", { sourceName: "a/b" }, /sourceName is "a\/b"/],
    ["an invented event class", { eventClasses: ["FINDING"] }, /eventClasses\[0\] is "FINDING"/],
    [
      "two event classes",
      { eventClasses: ["SECURITY_FINDING", "DETECTION_FINDING"] },
      /eventClasses is .*must be exactly one. Create one source per/,
    ],
    ["no event class", { eventClasses: [] }, /eventClasses is \[\]: must be exactly one/],
    ["a role as provider", { providerAccountId: "arn:aws:iam::1:role/x" }, /providerAccountId is "arn/],
    ["an External ID of 15", { externalId: "0123456789abcde" }, /externalId is .*16 to 1224.*random/],
    ["a short account", { accountId: "3" }, /accountId is "3"/],
    ["a wrong role name", { crawlerRoleName: "a b" }, /crawlerRoleName is "a b"/],
    ["a boundary's name", { permissionsBoundary: "boundary" }, /permissionsBoundary is "boundary"/],
    ["a bucket's ARN", { lakeBucketName: "arn:aws:s3:::x" }, /lakeBucketName is "arn:aws:s3:::x"/],
    ["a key's alias", { kmsKeyArn: "alias/x", region: "eu-west-1" }, /kmsKeyArn is "alias\/x"/],
    [
      "a key without the lake's region",
      { kmsKeyArn: "arn:aws:kms:eu-west-1:333333333333:key/1" },
      /region is undefined: must be set together with kmsKeyArn/,
    ],
    [
      "a key of another region",
      { kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1", region: "eu-west-1" },
      /kmsKeyArn is "arn:aws:kms:us-east-1:333333333333:key\/1".*eu-west-1/,
    ],
    ["a region's name", { region: "Ireland" }, /region is "Ireland"/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});

describe("The event class", () => {
  it("follows from the tenants' profile", () => {
    expect(eventClassOf()).toBe("SECURITY_FINDING");
    expect(eventClassOf("vectra")).toBe("SECURITY_FINDING");
    expect(eventClassOf("security-finding-1.1")).toBe("SECURITY_FINDING");
    expect(eventClassOf("detection-finding-1.3")).toBe("DETECTION_FINDING");
  });
});

import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { VectraRole, type VectraRoleProps } from "../../../constructs/cloudtrail/index.js";
import type { PolicyStatement } from "../../../constructs/iam/index.js";
import { synthTemplate, type Template, warningsOf } from "../template.js";
import { numberVariable, variable } from "../variable.js";
import { existingBucket, existingKey, KEY } from "./existing-parts.js";

const EXTERNAL_ID = "vectra:7f3c/2+a=b,c.d@e-f_g";

const required = {
  roleName: "vectra-cdr",
  accountId: "222222222222",
  vectraAccountId: "999999999999",
  externalId: EXTERNAL_ID,
};

type Settings = Partial<VectraRoleProps> & {
  readonly bucketName?: string;
  readonly keyPrefix?: string;
  readonly keyArn?: string;
};

/** A role that reads an existing bucket, encrypted with an existing key. */
function createRole(stack: TerraformStack, settings: Settings = {}, id = "vectra-role"): VectraRole {
  const { bucketName = "acme-cloudtrail-logs", keyPrefix, keyArn, ...props } = settings;
  return new VectraRole(stack, id, {
    ...required,
    bucket: existingBucket(stack, { bucketName, keyPrefix }),
    key: existingKey(stack, keyArn),
    ...props,
  });
}

const logStatements = [
  {
    Sid: "ReadLogs",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/*/CloudTrail/*",
  },
  {
    Sid: "ListLogBucket",
    Effect: "Allow",
    Action: ["s3:ListBucket", "s3:GetBucketLocation"],
    Resource: "arn:aws:s3:::acme-cloudtrail-logs",
  },
  { Sid: "DecryptLogs", Effect: "Allow", Action: "kms:Decrypt", Resource: KEY },
];

function synth(settings: Settings = {}): Template {
  return synthTemplate((stack) => createRole(stack, settings));
}

describe("VectraRole", () => {
  it("trusts Vectra's account with this connection's External ID only", () => {
    const template = synth();

    expect(template.policy("aws_iam_role", { attribute: "assume_role_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "VectraAssumesRole",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": EXTERNAL_ID } },
        },
      ],
    });
    expect(template.resource("aws_iam_role")).toEqual({
      name: "vectra-cdr",
      path: "/",
      description: "Vectra reads CloudTrail logs with this role",
      max_session_duration: 3600,
      assume_role_policy: expect.any(String),
    });
  });

  it("reads logs and the context of identities by default", () => {
    const template = synth();

    expect(template.policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...logStatements,
        {
          Sid: "ReadIamContext",
          Effect: "Allow",
          Action: [
            "iam:ListAccountAliases",
            "iam:ListRoles",
            "iam:ListUsers",
            "organizations:DescribeOrganization",
            "organizations:ListAccounts",
          ],
          Resource: "*",
        },
      ],
    });
    expect(template.resource("aws_iam_role_policy")).toMatchObject({
      name: "read-cloudtrail-logs",
      role: "${aws_iam_role.vectra-role_role.name}",
    });
  });

  it("reads logs only when the context is switched off", () => {
    expect(synth({ iamContext: false }).policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: logStatements,
    });
  });

  it("reads below the prefix", () => {
    const policy = JSON.stringify(synth({ keyPrefix: "audit" }).policy("aws_iam_role_policy"));
    expect(policy).toContain('"arn:aws:s3:::acme-cloudtrail-logs/audit/AWSLogs/*/CloudTrail/*"');
  });

  it("reads below a prefix that would be a pattern, and below no other", () => {
    const { policy } = synth({ keyPrefix: "a*", listLogsOnly: true }).resource("aws_iam_role_policy");
    // Terraform takes one of the dollar signs away.
    expect(policy).toContain('"arn:aws:s3:::acme-cloudtrail-logs/a$${*}/AWSLogs/*/CloudTrail/*"');
    expect(policy).toContain('"s3:prefix":"a$${*}/AWSLogs/*"');
  });

  it("takes the statements of the Vectra console instead of ours", () => {
    const policyStatements = [
      { Effect: "Allow" as const, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::acme-cloudtrail-logs/*" },
    ];
    expect(synth({ policyStatements }).policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::acme-cloudtrail-logs/*" },
      ],
    });
  });

  it("trusts one principal of Vectra's account when asked, through a condition", () => {
    const template = synth({ vectraPrincipalArn: "arn:aws:iam::999999999999:role/collector" });
    expect(template.policy("aws_iam_role", { attribute: "assume_role_policy" })).toMatchObject({
      Statement: [
        {
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Condition: {
            StringEquals: { "sts:ExternalId": EXTERNAL_ID },
            ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::999999999999:role/collector" },
          },
        },
      ],
    });
  });

  it.each<[Partial<VectraRoleProps>, string[]]>([
    [{ readDigests: true }, ["CloudTrail", "CloudTrail-Digest"]],
    [{ readInsights: true }, ["CloudTrail", "CloudTrail-Insight"]],
    [{ readDigests: true, readInsights: true }, ["CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight"]],
  ])("reads digests and Insights events only when asked: %o", (props, folders) => {
    expect(synth({ iamContext: false, ...props }).policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadLogs",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: folders.map((folder) => `arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/*/${folder}/*`),
        },
        ...logStatements.slice(1),
      ],
    });
  });

  it("lists below the log prefix alone when asked", () => {
    const policy = synth({ iamContext: false, keyPrefix: "audit", listLogsOnly: true }).policy(
      "aws_iam_role_policy",
    );
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadLogs",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::acme-cloudtrail-logs/audit/AWSLogs/*/CloudTrail/*",
        },
        {
          Sid: "ListLogs",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: "arn:aws:s3:::acme-cloudtrail-logs",
          Condition: { StringLike: { "s3:prefix": "audit/AWSLogs/*" } },
        },
        {
          Sid: "LocateLogBucket",
          Effect: "Allow",
          Action: "s3:GetBucketLocation",
          Resource: "arn:aws:s3:::acme-cloudtrail-logs",
        },
        { Sid: "DecryptLogs", Effect: "Allow", Action: "kms:Decrypt", Resource: KEY },
      ],
    });
  });

  it("decrypts nothing when logs have no customer key", () => {
    expect(synth({ key: undefined, iamContext: false }).policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: logStatements.slice(0, 2),
    });
  });

  describe("warns of replaced statements", () => {
    const warnings = (
      policyStatements: VectraRoleProps["policyStatements"],
      props: Partial<VectraRoleProps> = {},
    ) => warningsOf((stack) => createRole(stack, { ...props, policyStatements }));
    const allow = (Action: string | string[], Resource: string | string[]) => ({
      Effect: "Allow" as const,
      Action,
      Resource,
    });

    it.each<[string, PolicyStatement, string?]>([
      ["another bucket", allow("s3:GetObject", "arn:aws:s3:::crown-jewels/*")],
      ["every bucket", allow("s3:GetObject", "*")],
      ["buckets by pattern", allow("s3:ListBucket", "arn:aws:s3:::acme-*")],
      ["a bucket whose name is longer", allow("s3:GetObject", "arn:aws:s3:::acme-cloudtrail-logs-2/*")],
      ["every key", allow("kms:Decrypt", "*")],
      ["one resource too many", allow("s3:GetObject", ["arn:aws:s3:::acme-cloudtrail-logs/*", "*"])],
      [
        "changing identities",
        allow(["iam:ListRoles", "iam:CreateUser"], "*"),
        " and more than reading (iam:CreateUser)",
      ],
      [
        "what is not named",
        { Effect: "Allow" as const, NotAction: "iam:*", Resource: "*" },
        " and more than reading (every action but iam:*)",
      ],
      [
        "all but some resources",
        { Effect: "Allow" as const, Action: "s3:*", NotResource: "x" },
        " and more than reading (s3:*)",
      ],
    ])("that reach beyond the logs: %s", (_, statement, reading = "") => {
      expect(
        warnings([...logStatements.map((own) => ({ ...own, Effect: "Allow" as const })), statement]),
      ).toEqual([
        `policyStatements[3] allows Vectra more than the logs${reading}: ${JSON.stringify(statement)}. Keep it only if the Vectra console shows it.`,
      ]);
    });

    it("beside which props of the default policy have no effect", () => {
      const statement = allow("s3:GetObject", "arn:aws:s3:::acme-cloudtrail-logs/*");
      const asked = { iamContext: false, listLogsOnly: true, readDigests: true, readInsights: true };
      expect(warnings([statement], asked)).toEqual([
        "iamContext has no effect: policyStatements replaces the default policy. Remove iamContext, or change the statements instead.",
        "listLogsOnly has no effect: policyStatements replaces the default policy. Remove listLogsOnly, or change the statements instead.",
        "readDigests has no effect: policyStatements replaces the default policy. Remove readDigests, or change the statements instead.",
        "readInsights has no effect: policyStatements replaces the default policy. Remove readInsights, or change the statements instead.",
      ]);
      const defaults = { iamContext: true, listLogsOnly: false, readDigests: false, readInsights: false };
      expect(warnings([statement], defaults)).toEqual([]);
      expect(warnings(undefined, asked)).toEqual([]);
    });

    const BUCKET = "arn:aws:s3:::acme-cloudtrail-logs";
    it.each<[string, string | string[], string]>([
      ["deleting", ["s3:GetObject", "s3:DeleteObject"], "s3:DeleteObject"],
      ["writing", "s3:PutObject", "s3:PutObject"],
      ["changing the policy", "s3:PutBucketPolicy", "s3:PutBucketPolicy"],
      ["everything", "*", "*"],
      ["everything of a service", "S3:*", "S3:*"],
      ["a pattern that covers writing", ["s3:Get*", "s3:*Object"], "s3:*Object"],
      ["encrypting", ["kms:Decrypt", "kms:Encrypt"], "kms:Encrypt"],
      ["another role", "sts:AssumeRole", "sts:AssumeRole"],
      ["passing roles", "iam:PassRole", "iam:PassRole"],
      ["two at once", ["s3:PutObject", "s3:DeleteObject"], "s3:PutObject, s3:DeleteObject"],
    ])("of every action beyond reading, on the logs themselves: %s", (_, actions, named) => {
      const statement = allow(actions, `${BUCKET}/*`);
      expect(warnings([statement])).toEqual([
        `policyStatements[0] allows Vectra more than reading (${named}): ${JSON.stringify(statement)}. Keep it only if the Vectra console shows it.`,
      ]);
    });

    it.each([
      [
        "reading by pattern",
        [allow(["s3:GetObject*", "s3:List*", "S3:getbucketlocation", "kms:decrypt"], BUCKET)],
      ],
      [
        "the bucket and its key",
        [
          allow(
            ["s3:GetObject", "s3:ListBucket"],
            ["arn:aws:s3:::acme-cloudtrail-logs", "arn:aws:s3:::acme-cloudtrail-logs/*"],
          ),
          allow("kms:Decrypt", KEY),
        ],
      ],
      [
        "reading identities",
        [allow(["iam:Get*", "iam:ListRoles", "organizations:DescribeOrganization"], "*")],
      ],
      ["a Deny", [{ Effect: "Deny" as const, Action: "*", Resource: "*" }]],
    ])("not of %s", (_, statements) => {
      expect(warnings(statements)).toEqual([]);
    });

    it("judges by the one bucket and key that are named when only Terraform knows ours", () => {
      const check = (...resources: string[]) =>
        warningsOf((stack) => {
          createRole(stack, {
            bucketName: variable(stack, "bucket"),
            keyArn: variable(stack, "key"),
            policyStatements: resources.map((resource) => allow("s3:GetObject", resource)),
          });
        }).length;
      expect(check("arn:aws:s3:::one/*", "arn:aws:s3:::one", KEY)).toBe(0);
      expect(check("arn:aws:s3:::one/*", "arn:aws:s3:::two/*")).toBe(2);
      expect(check("arn:aws:kms:eu-west-1:222222222222:key/*")).toBe(1);
    });

    it("never of ours", () => {
      expect(warnings(undefined)).toEqual([]);
    });
  });

  it("takes path, boundary, session and partition", () => {
    const template = synth({
      path: "/security/vectra/",
      permissionsBoundary: "arn:aws:iam::222222222222:policy/boundary",
      maxSessionDuration: 7200,
      partition: "aws-cn",
    });
    expect(template.resource("aws_iam_role")).toMatchObject({
      path: "/security/vectra/",
      permissions_boundary: "arn:aws:iam::222222222222:policy/boundary",
      max_session_duration: 7200,
    });
    expect(template.text).toContain("arn:aws-cn:iam::999999999999:root");
  });

  it("has the tags of a data perimeter, on the role alone", () => {
    const template = synth({ perimeterTags: { "dp:exclude:identity": "true" } });
    expect(template.resource("aws_iam_role")["tags"]).toEqual({ "dp:exclude:identity": "true" });
    expect(synth().resource("aws_iam_role")).not.toHaveProperty("tags");
    expect(() => synth({ perimeterTags: { "DP:x": "true", "dp:x": "true" } })).toThrow(
      'perimeterTags is "dp:x": differs from "DP:x" in case only, and IAM refuses a role with both. Remove one of the two, or rename it.',
    );
  });

  it("takes a token for every prop", () => {
    const template = synthTemplate((stack) =>
      createRole(stack, {
        roleName: variable(stack, "name"),
        accountId: variable(stack, "account"),
        vectraAccountId: variable(stack, "vectra"),
        externalId: variable(stack, "external_id"),
        bucketName: variable(stack, "bucket"),
        keyPrefix: variable(stack, "prefix"),
        keyArn: variable(stack, "key"),
        path: variable(stack, "path"),
        permissionsBoundary: variable(stack, "boundary"),
        maxSessionDuration: numberVariable(stack, "session"),
        partition: variable(stack, "partition"),
      }),
    );
    expect(template.resource("aws_iam_role")).toMatchObject({
      name: "${var.name}",
      path: "${var.path}",
      permissions_boundary: "${var.boundary}",
      max_session_duration: "${var.session}",
    });
    const trust = JSON.stringify(template.policy("aws_iam_role", { attribute: "assume_role_policy" }));
    expect(trust).toContain('"arn:${var.partition}:iam::${var.vectra}:root"');
    expect(trust).toContain('"sts:ExternalId":"${var.external_id}"');
    const policy = JSON.stringify(template.policy("aws_iam_role_policy"));
    expect(policy).toContain('"arn:aws:s3:::${var.bucket}/${var.prefix}/AWSLogs/*/CloudTrail/*"');
    expect(policy).toContain('"${var.key}"');
  });

  it("does not collide with a second one, and tells its ARN", () => {
    const template = synthTemplate((stack) => {
      const one = createRole(stack, {}, "one");
      createRole(stack, {}, "two");
      new TerraformOutput(stack, "arn", { value: one.roleArn });
    });
    expect(template.resourceCounts()).toEqual({ aws_iam_role: 2, aws_iam_role_policy: 2 });
    expect(template.text).toContain('"${aws_iam_role.one_role.arn}"');
  });

  it.each<[string, Settings, RegExp]>([
    ["a name with a slash", { roleName: "security/vectra" }, /roleName is "security\/vectra"/],
    [
      "an 11-digit account",
      { vectraAccountId: "99999999999" },
      /vectraAccountId is "99999999999".*12 digits/,
    ],
    ["an account of 11 digits", { accountId: "22222222222" }, /accountId is "22222222222"/],
    ["an empty External ID", { externalId: "" }, /externalId is "".*Copy it exactly from the Vectra UI/],
    ["an External ID with a space", { externalId: "a b" }, /externalId is "a b"/],
    ["an External ID of 1225 characters", { externalId: "x".repeat(1225) }, /externalId is "x+"/],
    ["a bucket with a path", { bucketName: "logs/AWSLogs" }, /bucketName is "logs\/AWSLogs"/],
    ["a wildcard bucket", { bucketName: "*" }, /bucketName is "\*"/],
    ["a prefix with a slash", { keyPrefix: "/a" }, /keyPrefix is "\/a"/],
    ["a wildcard key", { keyArn: "*" }, /keyArn is "\*": must be a key ARN/],
    ["a path without its last slash", { path: "/security" }, /path is "\/security".*slash at both ends/],
    ["a path that is a pattern", { path: "/vectra/*/" }, /path is "\/vectra\/\*\/".*without \* \? \$/],
    ["a path with a variable", { path: "/${aws:username}/" }, /path is/],
    ["buckets by pattern", { bucketName: "log?" }, /bucketName is "log\?"/],
    ["a boundary's name", { permissionsBoundary: "boundary" }, /permissionsBoundary is "boundary"/],
    [
      "a session of a minute",
      { maxSessionDuration: 60 },
      /maxSessionDuration is 60: must be .*3600 to 43200/,
    ],
    ["no statement at all", { policyStatements: [] }, /policyStatements is \[\]: must not be empty/],
    [
      "a principal of another account",
      { vectraPrincipalArn: "arn:aws:iam::888888888888:role/collector" },
      /vectraPrincipalArn is "arn:aws:iam::888888888888.*the principal is in account 888888888888, but Vectra's account \(vectraAccountId\) is 999999999999\. Copy account and principal from the same page of the Vectra UI/,
    ],
    [
      "a principal of another partition",
      { vectraPrincipalArn: "arn:aws-cn:iam::999999999999:role/collector" },
      /the principal is in partition aws-cn, but the role is in aws\./,
    ],
    [
      "principals by pattern",
      { vectraPrincipalArn: "arn:aws:iam::999999999999:role/*" },
      /vectraPrincipalArn is ".*role\/\*": must be the ARN of a role or user/,
    ],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});

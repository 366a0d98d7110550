import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { Fn } from "cdktf";
import { describe, expect, it } from "vitest";
import { policyDocument } from "../../../constructs/iam/policy.js";
import { accountRootArn, roleArn } from "../../../facts/arn.js";
import { synthTemplate } from "../template.js";
import { variable } from "../variable.js";

describe("policyDocument", () => {
  it("renders statements as a document of the current policy language", () => {
    expect(
      policyDocument([
        { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" },
      ]),
    ).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}',
    );
  });

  it("keeps tokens, also those with quotes in their expression", () => {
    // GIVEN a statement with a variable and a function call
    const template = synthTemplate((stack) => {
      const account = variable(stack, "account");
      const upper = Fn.upper("x");
      new S3BucketPolicy(stack, "policy", {
        bucket: "a",
        policy: policyDocument([
          { Effect: "Allow", Principal: { AWS: account }, Action: "s3:GetObject", Resource: upper },
        ]),
      });
    });
    // THEN Terraform finds both expressions inside the JSON
    expect(template.resource("aws_s3_bucket_policy")["policy"]).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"${var.account}"},"Action":"s3:GetObject","Resource":"${upper("x")}"}]}',
    );
  });

  it("hides IAM's policy variables from Terraform", () => {
    // GIVEN a pasted statement with policy variables, and a token beside them
    const template = synthTemplate((stack) => {
      new S3BucketPolicy(stack, "policy", {
        bucket: "a",
        policy: policyDocument([
          {
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: [`arn:aws:s3:::${variable(stack, "bucket")}/\${aws:username}/\${*}`],
          },
        ]),
      });
    });
    // THEN only the token is interpolated
    expect(template.resource("aws_s3_bucket_policy")["policy"]).toContain(
      "arn:aws:s3:::${var.bucket}/$${aws:username}/$${*}",
    );
  });
});

describe("composed IAM ARNs", () => {
  it("names the account as a principal", () => {
    expect(accountRootArn({ partition: "aws-cn", accountId: "111111111111" })).toBe(
      "arn:aws-cn:iam::111111111111:root",
    );
  });

  it("names a role, with and without a path", () => {
    expect(roleArn({ partition: "aws", accountId: "111111111111", roleName: "r" })).toBe(
      "arn:aws:iam::111111111111:role/r",
    );
    expect(roleArn({ partition: "aws", accountId: "111111111111", path: "/a/b/", roleName: "r" })).toBe(
      "arn:aws:iam::111111111111:role/a/b/r",
    );
  });
});

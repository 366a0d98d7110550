import { describe, expect, it } from "vitest";
import { needsV2Tokens, StsTokens } from "../../../constructs/iam/index.js";
import { synthTemplate } from "../template.js";
import { variable } from "../variable.js";

describe("StsTokens", () => {
  it("makes the global endpoint issue tokens of version 2", () => {
    const template = synthTemplate((stack) => new StsTokens(stack, "sts-tokens"));
    expect(template.resource("aws_iam_security_token_service_preferences", "sts-tokens_preferences")).toEqual(
      {
        global_endpoint_token_version: "v2Token",
      },
    );
  });

  it("takes a token for its partition", () => {
    expect(() =>
      synthTemplate((stack) => new StsTokens(stack, "sts-tokens", { partition: variable(stack, "p") })),
    ).not.toThrow();
  });

  it.each([
    [
      "aws-us-gov",
      /partition is "aws-us-gov": version 2 tokens of STS are not available in partition aws-us-gov: STS has no global endpoint there.* Omit version 2 tokens/,
    ],
    ["aws-cn", /partition is "aws-cn".*no global endpoint/],
    ["x", /partition is "x": must be an AWS partition/],
  ])("refuses partition %s", (partition, message) => {
    expect(() => synthTemplate((stack) => new StsTokens(stack, "sts-tokens", { partition }))).toThrow(
      message,
    );
  });
});

describe("needsV2Tokens", () => {
  it.each([
    ["eu-west-1", false],
    ["ap-northeast-3", false],
    ["eu-central-2", true],
    ["af-south-1", true],
    ["me-south-1", true],
    ["xx-future-1", true],
    ["us-gov-west-1", false],
    ["cn-north-1", false],
  ])("is, for %s, %s", (region, needed) => {
    expect(needsV2Tokens(region)).toBe(needed);
  });
});

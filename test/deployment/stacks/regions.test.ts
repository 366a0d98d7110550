import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile } from "../cloudtrail-deployment.js";
import { only, synthesized } from "../synthesized.js";

describe("GIVEN a region that was launched after 2019", () => {
  const command = "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token";

  it("WHEN nothing is said about tokens THEN the summary says what is needed", () => {
    expect(synthesized(cloudTrailFile({ region: "eu-central-2" })).summaries[0]?.toDo).toEqual([
      {
        what:
          "eu-central-2 is an opt-in region, launched after 2019: tokens of the global STS endpoint are not valid there unless " +
          "account 222222222222 issues version 2 tokens. Set cloudTrail.stsV2Tokens: true, or run once in that account:",
        text: command,
      },
    ]);
  });

  it("WHEN version 2 tokens are asked for THEN they are switched on in the account of the role", () => {
    const { summaries, stacks } = synthesized(
      cloudTrailFile({ region: "eu-central-2", stsV2Tokens: "true" }),
    );

    expect(summaries[0]?.toDo).toEqual([]);
    expect(only(stacks["log-archive"], "aws_iam_security_token_service_preferences")).toMatchObject({
      global_endpoint_token_version: "v2Token",
    });
  });

  it("WHEN only the existing bucket is there THEN it counts, not the deployment's own region", () => {
    const { summaries } = synthesized(
      existingFile({ logBucket: "{ existing: { name: our-logs, region: af-south-1 } }", logKey: "" }),
    );

    expect(summaries[0]?.toDo.at(-1)?.what).toMatch(/^af-south-1 is an opt-in region/);
  });
});

describe("GIVEN other partitions", () => {
  it.each([
    ["aws-us-gov", "us-gov-west-1"],
    ["aws-cn", "cn-north-1"],
  ])("WHEN the deployment is in %s THEN every ARN is, too", (partition, region) => {
    const { stacks } = synthesized(cloudTrailFile({ partition, region }));

    const arns = JSON.stringify(stacks["log-archive"]).match(/arn:[a-z-]+/g);
    expect(new Set(arns)).toEqual(new Set([`arn:${partition}`]));
  });
});

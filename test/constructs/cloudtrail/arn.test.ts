import { describe, expect, it } from "vitest";
import { bucketArn, keyAliasArn, topicArn, trailArn } from "../../../constructs/cloudtrail/index.js";

const home = { partition: "aws", region: "eu-west-1", accountId: "111111111111" };

describe("composed CloudTrail ARNs", () => {
  it("names a trail", () => {
    expect(trailArn({ ...home, trailName: "t" })).toBe("arn:aws:cloudtrail:eu-west-1:111111111111:trail/t");
  });

  it("names a bucket", () => {
    expect(bucketArn({ partition: "aws-us-gov", bucketName: "b" })).toBe("arn:aws-us-gov:s3:::b");
  });

  it("names a topic", () => {
    expect(topicArn({ ...home, topicName: "n" })).toBe("arn:aws:sns:eu-west-1:111111111111:n");
  });

  it("names the alias of a key", () => {
    expect(keyAliasArn({ ...home, aliasName: "a/b" })).toBe("arn:aws:kms:eu-west-1:111111111111:alias/a/b");
  });
});

import { describe, expect, it } from "vitest";
import {
  accountOfArn,
  bucketArn,
  keyAliasArn,
  parseArn,
  partitionOfArn,
  regionOfArn,
  topicArn,
  trailArn,
} from "../../facts/arn.js";

it("takes an ARN apart, and leaves colons in its resource", () => {
  expect(parseArn("arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:name:live")).toEqual({
    partition: "aws-us-gov",
    service: "lambda",
    region: "us-gov-west-1",
    accountId: "111111111111",
    resource: "function:name:live",
  });
});

it("knows neither region nor account of a bucket", () => {
  expect(parseArn("arn:aws:s3:::logs")).toEqual({
    partition: "aws",
    service: "s3",
    region: undefined,
    accountId: undefined,
    resource: "logs",
  });
  expect(regionOfArn("arn:aws:s3:::logs")).toBeUndefined();
  expect(accountOfArn("arn:aws:s3:::logs")).toBeUndefined();
});

it.each([undefined, "", "logs", "*", "arn:aws:iam::111111111111", "a:b:c:d:e:f", "${Token[TOKEN.12]}"])(
  "takes %s for no ARN",
  (text) => {
    expect(parseArn(text)).toBeUndefined();
    expect(accountOfArn(text)).toBeUndefined();
    expect(regionOfArn(text)).toBeUndefined();
    expect(partitionOfArn(text)).toBeUndefined();
  },
);

it("reads the parts that are known of an ARN with tokens in it", () => {
  expect(accountOfArn("arn:${Token[TOKEN.1]}:iam::222222222222:role/${Token[TOKEN.2]}")).toBe("222222222222");
});

const home = { partition: "aws", region: "eu-west-1", accountId: "111111111111" };

describe("composed ARNs", () => {
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

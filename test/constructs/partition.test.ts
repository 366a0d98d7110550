import { describe, expect, it } from "vitest";
import { viaService } from "../../constructs/partition.js";
import { PARTITIONS, partitionOfRegion } from "../../facts/partitions.js";

describe("Partitions", () => {
  it.each([
    ["eu-west-1", "aws"],
    ["us-gov-east-1", "aws-us-gov"],
    ["cn-northwest-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("knows that %s is in %s", (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition);
  });

  it.each([
    ["aws", "eu-west-1", "secretsmanager.eu-west-1.amazonaws.com"],
    ["aws-us-gov", "us-gov-west-1", "secretsmanager.us-gov-west-1.amazonaws.com"],
    ["aws-cn", "cn-north-1", "secretsmanager.cn-north-1.amazonaws.com.cn"],
    ["aws-eusc", "eusc-de-east-1", "secretsmanager.eusc-de-east-1.amazonaws.eu"],
  ])("knows what a key sees of Secrets Manager in %s", (partition, region, expected) => {
    expect(viaService("secretsmanager", { partition, region })).toBe(expected);
  });

  it("knows the host names of China, and what is missing where", () => {
    expect(PARTITIONS["aws-cn"]?.dnsSuffix).toBe("amazonaws.com.cn");
    expect(Object.keys(PARTITIONS["aws"]?.lacks ?? {})).toEqual([]);
    expect(Object.keys(PARTITIONS["aws-us-gov"]?.lacks ?? {})).toEqual(["STS tokens version 2"]);
    expect(Object.keys(PARTITIONS["aws-cn"]?.lacks ?? {})).toEqual(["STS tokens version 2", "Security Lake"]);
  });
});

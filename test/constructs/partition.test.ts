import { describe, expect, it } from "vitest";
import { PARTITIONS, partitionOfRegion } from "../../constructs/partition.js";

describe("Partitions", () => {
  it.each([
    ["eu-west-1", "aws"],
    ["us-gov-east-1", "aws-us-gov"],
    ["cn-northwest-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("knows that %s lies in %s", (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition);
  });

  it("knows the host names of China, and what is missing where", () => {
    expect(PARTITIONS["aws-cn"]?.dnsSuffix).toBe("amazonaws.com.cn");
    expect(Object.keys(PARTITIONS["aws"]?.lacks ?? {})).toEqual([]);
    expect(Object.keys(PARTITIONS["aws-us-gov"]?.lacks ?? {})).toEqual(["STS tokens version 2"]);
    expect(Object.keys(PARTITIONS["aws-cn"]?.lacks ?? {})).toEqual(["STS tokens version 2", "Security Lake"]);
  });
});

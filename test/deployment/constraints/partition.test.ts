import { describe } from "vitest";
import { cloudTrailFile, ROLE } from "../cloudtrail-deployment.js";
import { VALID_DEPLOYMENT } from "../valid-deployment.js";
import { refuses } from "./refuses.js";

describe("GIVEN a partition THEN what belongs to another, or does not exist in it, is refused", () => {
  refuses([
    {
      what: "a region of another partition",
      text: cloudTrailFile({ region: "us-gov-west-1" }),
      line: 3,
      column: 9,
      field: "region",
      problem: "us-gov-west-1 is a region of partition aws-us-gov, but the deployment is in aws",
      allowed: "a region of aws",
      remedy: "Set partition: aws-us-gov, or correct the region.",
    },
    {
      what: "an ARN of another partition",
      text: cloudTrailFile({
        partition: "aws-us-gov",
        region: "us-gov-west-1",
        role: `{ existing: { arn: "${ROLE}" } }`,
      }),
      line: 13,
      column: 28,
      field: "cloudTrail.role.existing.arn",
      problem: `"${ROLE}" is an ARN of partition aws, but the deployment is in aws-us-gov`,
      allowed: "an ARN beginning with arn:aws-us-gov:",
    },
    {
      what: "version 2 tokens where STS has no global endpoint",
      text: cloudTrailFile({ partition: "aws-cn", region: "cn-north-1", stsV2Tokens: "true" }),
      line: 14,
      column: 16,
      field: "cloudTrail.stsV2Tokens",
      problem:
        "version 2 tokens of STS are not available in partition aws-cn: STS has no global endpoint there, and every token is already valid in all regions",
      remedy: "Omit version 2 tokens.",
    },
    {
      what: "Security Lake in China",
      text: `${cloudTrailFile({ partition: "aws-cn", region: "cn-north-1" })}${VALID_DEPLOYMENT.slice(VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName")).replace("eu-west-1", "cn-north-1")}`,
      line: 15,
      column: 1,
      field: "securityLake",
      problem: "Security Lake is not available in partition aws-cn: it has no endpoint there",
    },
  ]);
});

import type { Constraint } from "./constraint.js";

/** Security Lake names its buckets aws-security-data-lake-<region>-<id>: a wrong region shows in the name. */
export const lakeBucketInLakeRegion: Constraint = function* ({ region, securityLake }) {
  const lakeRegion = securityLake?.region ?? region;
  const bucket = securityLake?.bucketName;
  const prefix = "aws-security-data-lake-";
  if (
    lakeRegion !== undefined &&
    bucket?.startsWith(prefix) &&
    !bucket.startsWith(`${prefix}${lakeRegion}-`)
  ) {
    yield {
      path: ["securityLake", "bucketName"],
      problem: `"${bucket}" is not the lake's bucket in ${lakeRegion}`,
      allowed: `${prefix}${lakeRegion}-<id>`,
      remedy: 'Read it with "aws securitylake list-data-lakes", or correct securityLake.region.',
    };
  }
};

import { type Check, given } from "./check.js";

/** Security Lake's buckets are named after their region. */
const PREFIX = "aws-security-data-lake-";

/** A bucket of the lake in another region shows it in its name, `aws-security-data-lake-<region>-<id>`. */
export const lakeBucketRegion: Check<{ bucketName: string; region: string }> = (values, name) => {
  const bucket = given(values.bucketName);
  const region = given(values.region);
  if (bucket === undefined || region === undefined || !bucket.startsWith(PREFIX)) {
    return [];
  }
  return bucket.startsWith(`${PREFIX}${region}-`)
    ? []
    : [
        {
          key: "bucketName",
          problem: `must be the lake's bucket in ${region}`,
          allowed: `${PREFIX}${region}-<id>`,
          remedy: `Read it with "aws securitylake list-data-lakes", or correct ${name("region")}.`,
        },
      ];
};

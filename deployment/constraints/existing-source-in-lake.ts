import type { Constraint } from "./constraint.js";

/** Security Lake keeps a source in the lake's own bucket. */
export const existingSourceInLake: Constraint = function* ({ securityLake }) {
  const location = securityLake?.customSource?.existing?.location;
  const bucket = securityLake?.bucketName;
  const sourceBucket = location?.split("/")[2];
  if (bucket !== undefined && sourceBucket !== undefined && sourceBucket !== bucket) {
    yield {
      path: ["securityLake", "customSource", "existing", "location"],
      problem: `"${location}" is not in the lake's bucket, ${bucket}`,
      allowed: `s3://${bucket}/ext/<source>/`,
      remedy: "Correct the location, or securityLake.bucketName.",
    };
  }
};

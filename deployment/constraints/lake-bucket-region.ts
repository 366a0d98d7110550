import { lakeBucketRegion as check } from "../../facts/checks/lake-bucket-region.js";
import { at, fromCheck } from "./from-check.js";
import { lakeRegion } from "./places.js";

/** The lake's bucket. */
export const lakeBucketRegion = fromCheck(check, (deployment) => [
  { bucketName: at(deployment, "securityLake", "bucketName"), region: lakeRegion(deployment) },
]);

import { type BucketLocationConstraint, CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Deployment } from "../../deployment/schema/deployment.js";

/** The data lake that a deployment expects to find: it is Security Lake's own, never made by us. */
export interface Lake {
  readonly accountId: string;
  readonly region: string;
  readonly bucketName: string;
}

/** @throws when the deployment has no Security Lake half. */
export function lakeOf({ accounts, region, securityLake }: Deployment): Lake {
  if (accounts.securityLake === undefined || securityLake === undefined) {
    throw new Error("The example has no Security Lake half, which this test is about.");
  }
  return {
    accountId: accounts.securityLake.id,
    region: securityLake.region ?? region,
    bucketName: securityLake.bucketName,
  };
}

/** Makes a bucket, outside us-east-1. */
export async function makeBucket(s3: S3Client, bucketName: string, region: string): Promise<void> {
  await s3.send(
    new CreateBucketCommand({
      Bucket: bucketName,
      CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
    }),
  );
}

import { z } from "zod";
import { AWS_PROVIDER_RANGE } from "../../facts/aws-provider.js";
import { awsProviderVersion, bucketName, keyPrefix, kmsKeyId, region, roleArn } from "./fields.js";
import { oneOf } from "./ways.js";

/** Settings of Terraform itself. */
export const terraform = z
  .strictObject({
    backend: oneOf({
      local: z
        .strictObject({})
        .optional()
        .describe(
          "State in files terraform.<deployment>.<stack>.tfstate beside the output folder. For trials.",
        ),
      s3: z
        .strictObject({
          bucket: bucketName.describe("Bucket of the state. It must exist, and should be versioned."),
          region: region.describe("Region of that bucket."),
          keyPrefix: keyPrefix
            .optional()
            .describe(
              "Folder of the state objects <folder>/<stack>.tfstate; two deployments need two. Default: the deployment's name.",
            ),
          kmsKeyId: kmsKeyId.optional().describe("Key that encrypts the state. Default: the bucket's own."),
          roleArn: roleArn.optional().describe("Role that Terraform assumes to read and write the state."),
        })
        .optional()
        .describe("State in S3, locked with S3's own lock file (Terraform 1.11 or newer)."),
    })
      .prefault({ local: {} })
      .describe("Where Terraform keeps its state: local (default) or s3."),
    providerVersion: awsProviderVersion
      .optional()
      .describe(
        `The single version of the AWS provider for every stack. Default: any ${AWS_PROVIDER_RANGE}; each ` +
          "stack's .terraform.lock.hcl keeps the version that it was first applied with.",
      ),
  })
  .prefault({})
  .describe("Settings of Terraform itself.");

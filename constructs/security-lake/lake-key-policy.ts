import type { Construct } from "constructs";
import { accountRootArn } from "../../facts/arn.js";
import { enforce, refuse } from "../expectation.js";
import { KEY_ARN } from "../expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { enforceKeyRegion } from "../key-region.js";
import { viaService } from "../partition.js";

interface LakeRegion {
  readonly partition: string;
  readonly region: string;
}

/** The account is the principal and the role a condition: KMS refuses a principal that does not exist yet. */
export function crawlerDecryptsLake({
  partition,
  region,
  accountId,
  crawlerRoleArn,
}: LakeRegion & { readonly accountId: string; readonly crawlerRoleArn: string }): PolicyStatement {
  return {
    Sid: "CrawlerDecryptsLake",
    Effect: "Allow",
    Principal: { AWS: accountRootArn({ partition, accountId }) },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": crawlerRoleArn },
      StringEquals: { "kms:ViaService": viaService("s3", { partition, region }) },
    },
  };
}

/**
 * The role itself is the principal: whether its own policy, which is Security Lake's, allows the key is not published,
 * and its permissions boundary does. It must exist before KMS takes the statement. Writing an object takes a data key
 * and no more.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSecurityLakePermissionsBoundary.html
 */
export function providerEncryptsLake({
  partition,
  region,
  providerRoleArn,
}: LakeRegion & { readonly providerRoleArn: string }): PolicyStatement {
  return {
    Sid: "ProviderEncryptsLake",
    Effect: "Allow",
    Principal: { AWS: providerRoleArn },
    Action: "kms:GenerateDataKey",
    Resource: "*",
    Condition: { StringEquals: { "kms:ViaService": viaService("s3", { partition, region }) } },
  };
}

/** @throws PropError for what is not a key's ARN, for a key without the lake's region, and for one in another. */
export function checkLakeKey(
  construct: Construct,
  { kmsKeyArn, region }: { readonly kmsKeyArn?: string | undefined; readonly region?: string | undefined },
): void {
  enforce(construct, "kmsKeyArn", kmsKeyArn, KEY_ARN);
  if (kmsKeyArn !== undefined && region === undefined) {
    refuse(
      construct,
      "region",
      "undefined",
      "must be set together with kmsKeyArn: the key may be used only through S3 in the lake's region",
      "Pass the region of the lake.",
    );
  }
  enforceKeyRegion(construct, "kmsKeyArn", kmsKeyArn, region);
}

import type { PolicyStatement } from "../iam/policy.js";
import { viaService } from "../partition.js";

/**
 * Glue's documentation does not promise `aws:SourceAccount` for crawlers: if the key is sent, other accounts are
 * refused; if not, the crawler still works.
 */
export function glueAssumesRole(accountId: string): PolicyStatement {
  return {
    Sid: "GlueAssumesRole",
    Effect: "Allow",
    Principal: { Service: "glue.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEqualsIfExists: { "aws:SourceAccount": accountId } },
  };
}

/** @see https://docs.aws.amazon.com/glue/latest/dg/define-crawler-configure-security-settings.html */
export function crawlObjects(objects: string): PolicyStatement {
  return {
    Sid: "CrawlObjects",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: objects,
  };
}

/**
 * What Glue's guide requires for encrypted objects, and no more: only through S3.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/define-crawler-configure-security-settings.html
 */
export function decryptLake(
  kmsKeyArn: string,
  lake: { readonly partition: string; readonly region: string },
): PolicyStatement {
  return {
    Sid: "DecryptLake",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: kmsKeyArn,
    Condition: { StringEquals: { "kms:ViaService": viaService("s3", lake) } },
  };
}

import type { PolicyStatement } from "../iam/policy.js";
import { viaService } from "../partition.js";

/**
 * Glue's documents do not promise `aws:SourceAccount` for crawlers: another account is refused where the key
 * is sent, and the crawler works where it is not.
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
 * What Glue's guide asks for encrypted objects, and no more: only as S3 reads them for the crawler.
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

import type { Deployment } from "../schema/deployment.js";

/**
 * What a created custom source is made of. Without the crawler's role the source stays in Security Lake, and its
 * crawler fails.
 */
const CUSTOM_SOURCE = [
  "aws_iam_role.custom-source_crawler-role",
  "aws_iam_role_policy.custom-source_crawler-policy",
  "aws_iam_role_policy_attachment.custom-source_crawler-service-policy",
  "aws_securitylake_custom_log_source.custom-source_source",
];

/**
 * {@link forgottenAddresses} of the Security Lake stack: a created source that is named as an existing one from now on.
 */
export function forgottenSource(
  { retain }: Deployment,
  { customSource }: NonNullable<Deployment["securityLake"]>,
): string[] {
  return retain && customSource.existing !== undefined ? CUSTOM_SOURCE : [];
}

type CloudTrail = NonNullable<Deployment["cloudTrail"]>;

/** What a created log bucket is made of, besides policy and notifications, which an existing one may have, too. */
const LOG_BUCKET = [
  "aws_s3_bucket.log-bucket_bucket",
  "aws_s3_bucket_lifecycle_configuration.log-bucket_lifecycle",
  "aws_s3_bucket_logging.log-bucket_access-logs",
  "aws_s3_bucket_object_lock_configuration.log-bucket_object-lock",
  "aws_s3_bucket_ownership_controls.log-bucket_ownership-controls",
  "aws_s3_bucket_public_access_block.log-bucket_public-access-block",
  "aws_s3_bucket_server_side_encryption_configuration.log-bucket_encryption",
  "aws_s3_bucket_versioning.log-bucket_versioning",
];

const LOG_KEY = ["aws_kms_alias.log-key_alias", "aws_kms_key.log-key_key"];

/**
 * Addresses in the log archive stack that Terraform is to forget, should they be in its state, and not to
 * destroy: taken out of the configuration they would be, because `prevent_destroy` is forgotten together with
 * the resource. For what never was in the state, to be forgotten does nothing.
 *
 * - What was adopted and is not any more: the owner's entries would go, too.
 * - What was created, holds logs or makes them readable, and has given way to an existing one, unless the
 *   deployment lets it go (`retain: false`).
 */
export function forgottenAddresses({ retain }: Deployment, cloudTrail: CloudTrail): string[] {
  const { logBucket, logKey, topic, notification } = cloudTrail;
  const released = cloudTrail.leaving === "release";
  const unowned = (part: { existing?: { policy: string } | undefined } | undefined) =>
    part?.existing !== undefined && (part.existing.policy !== "own" || released);
  return [
    ...(unowned(logBucket) ? ["aws_s3_bucket_policy.log-bucket_policy"] : []),
    ...(unowned(logKey) ? ["aws_kms_key_policy.log-key_policy"] : []),
    ...(unowned(topic) ? ["aws_sns_topic_policy.topic_policy"] : []),
    ...(logBucket.existing !== undefined && (notification.s3 === undefined || released)
      ? ["aws_s3_bucket_notification.s3-notification_notification"]
      : []),
    ...(retain && logBucket.existing !== undefined ? LOG_BUCKET : []),
    ...(retain && logKey?.create === undefined ? LOG_KEY : []),
  ];
}

import { LogBucket, LogKey, NotificationTopic, S3Notification } from "../../constructs/cloudtrail/index.js";
import { CustomSource } from "../../constructs/security-lake/index.js";
import type { CloudTrailPlan, SecurityLakePlan } from "../plan/plan.js";

/** {@link forgottenAddresses} of the Security Lake stack: a created source that is named as an existing one from now on. */
export function forgottenSource({ deployment, securityLake }: SecurityLakePlan): string[] {
  return deployment.retain && securityLake.customSource.existing !== undefined
    ? CustomSource.createdAddresses("custom-source")
    : [];
}

/**
 * Addresses in the log archive stack that Terraform is to forget, if they are in its state, and not to destroy. Removing
 * them from the configuration would destroy them, because Terraform forgets `prevent_destroy` together with the
 * resource. Forgetting what never was in the state does nothing.
 *
 * - What was adopted and no longer is: destroying it would remove the owner's entries, too.
 * - What was created, holds logs or makes them readable, and has been replaced by an existing one, unless the
 *   deployment allows Terraform to destroy it (`retain: false`).
 */
export function forgottenAddresses({ deployment: { retain }, cloudTrail }: CloudTrailPlan): string[] {
  const { logBucket, logKey, topic, notification } = cloudTrail;
  const released = cloudTrail.leaving === "release";
  const unowned = (part: { existing?: { policy: string } | undefined } | undefined) =>
    part?.existing !== undefined && (part.existing.policy !== "own" || released);
  return [
    ...(unowned(logBucket) ? [LogBucket.policyAddress("log-bucket")] : []),
    ...(unowned(logKey) ? [LogKey.policyAddress("log-key")] : []),
    ...(unowned(topic) ? [NotificationTopic.policyAddress("topic")] : []),
    ...(logBucket.existing !== undefined && (notification.s3 === undefined || released)
      ? [S3Notification.address("s3-notification")]
      : []),
    ...(retain && logBucket.existing !== undefined ? LogBucket.createdAddresses("log-bucket") : []),
    ...(retain && logKey?.create === undefined ? LogKey.createdAddresses("log-key") : []),
  ];
}

import type { Construct } from "constructs";
import { S3Notification } from "../../constructs/cloudtrail/index.js";
import { StsTokens } from "../../constructs/iam/index.js";
import type { CloudTrailPlan } from "../plan/plan.js";
import { AccountStack } from "./account-stack.js";
import { forgottenAddresses } from "./forgotten.js";
import { isReleased, type LogArchive, type Parts, placeOf } from "./log-archive/archive.js";
import { grantAccess } from "./log-archive/grants.js";
import { createVectraOutputs } from "./log-archive/outputs.js";
import { createParts, createVectraRole } from "./log-archive/parts.js";
import { askForWhatIsMissing } from "./log-archive/to-do.js";
import { createTrail } from "./trail-part.js";

/**
 * Log archive account: where CloudTrail's log files arrive and Vectra fetches them. Its outputs are what the
 * Vectra UI asks for. The trail of a single account is here too, beside its bucket.
 */
export class LogArchiveStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, plan: CloudTrailPlan) {
    const { deployment, cloudTrail, logArchive, layout } = plan;
    super(scope, id, { deployment, account: logArchive, region: deployment.region });
    const archive: LogArchive = { ...plan, stack: this };
    this.purpose = purposeOf(archive);

    const parts = createParts(archive);
    grantAccess(archive, parts);
    this.#letGo(archive);
    const role = createVectraRole(archive, parts);
    if (layout === "account") {
      this.#createOwnTrail(archive, parts);
    }
    if (cloudTrail.notification.s3 !== undefined && !isReleased(archive, cloudTrail.logBucket)) {
      this.#announceObjects(archive, parts);
    }
    if (cloudTrail.stsV2Tokens) {
      new StsTokens(this, "sts-tokens", { partition: deployment.partition });
    }
    createVectraOutputs(archive, parts, role);
    askForWhatIsMissing(archive, parts);
  }

  #createOwnTrail(archive: LogArchive, { bucket, key, topic }: Parts): void {
    const policies = [bucket.policy, key?.policy, topic.policy].filter((policy) => policy !== undefined);
    const trail = this.at(["cloudTrail", "trail"], () =>
      createTrail(this, {
        plan: archive,
        accountId: this.accountId,
        organization: false,
        kmsKeyArn: key?.keyArn,
        ...(policies.length === 0 ? {} : { dependsOn: policies }),
      }),
    );
    this.createOutput("trail_arn", trail.trailArn, "ARN of the account's trail.");
  }

  #announceObjects(archive: LogArchive, { bucket, topic }: Parts): void {
    const { cloudTrail, layout, logAccountIds } = archive;
    const { existing } = cloudTrail.logBucket;
    const place = existing === undefined ? ["cloudTrail", "notification"] : placeOf(archive, "logBucket");
    this.at(place, () => {
      new S3Notification(this, "s3-notification", {
        bucket,
        topic,
        logAccountIds,
        organizationId: layout === "members" ? undefined : cloudTrail.organizationId,
        currentNotifications: existing?.currentNotifications,
        withdrawn: existing !== undefined && cloudTrail.leaving === "withdraw",
      });
    });
  }

  #letGo({ deployment, cloudTrail }: LogArchive): void {
    this.forget(forgottenAddresses(deployment, cloudTrail));
  }
}

function purposeOf({ layout, cloudTrail, names }: LogArchive): string {
  const { logBucket, logKey, topic, role } = cloudTrail;
  const made = [
    ...(layout === "account" ? [`trail ${names.trail}`] : []),
    ...(logBucket.create === undefined ? [] : [`bucket ${names.logBucket}`]),
    ...(logKey?.create === undefined ? [] : [`key ${names.logKeyAlias}`]),
    ...(topic.create === undefined ? [] : [`topic ${names.topic}`]),
    ...(role.create === undefined ? [] : [`role ${names.vectraRole} for Vectra`]),
  ];
  return made.length === 0 ? "nothing new: everything exists" : made.join(", ");
}

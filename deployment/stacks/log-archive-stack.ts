import type { Construct } from "constructs";
import { type IVectraRole, S3Notification } from "../../constructs/cloudtrail/index.js";
import { StsTokens } from "../../constructs/iam/index.js";
import type { CloudTrailPlan } from "../plan/plan.js";
import { AccountStack } from "./account-stack.js";
import { forgottenAddresses } from "./forgotten.js";
import { isReleased, type LogArchive, type Parts, placeOf } from "./log-archive/archive.js";
import { createVectraOutputs } from "./log-archive/outputs.js";
import { createParts, createVectraRole, grantOthers } from "./log-archive/parts.js";
import { askForWhatIsMissing } from "./log-archive/to-do.js";
import { createTrail } from "./trail-part.js";

/**
 * Log archive account: where CloudTrail's log files arrive and Vectra fetches them. Its outputs are what the
 * Vectra UI asks for. The trail of a single account is here too, beside its bucket.
 */
export class LogArchiveStack extends AccountStack {
  readonly purpose: string;
  /** Bucket, key and topic, for the trails of other stacks. */
  readonly parts: Parts;
  readonly #archive: LogArchive;
  readonly #role: IVectraRole;

  constructor(scope: Construct, id: string, plan: CloudTrailPlan) {
    const { deployment, cloudTrail, logArchive, layout, trails } = plan;
    super(scope, id, { deployment, account: logArchive, region: deployment.region });
    const archive: LogArchive = { ...plan, stack: this };
    this.#archive = archive;
    this.purpose = purposeOf(archive);
    this.forget(forgottenAddresses(plan));

    this.parts = createParts(archive);
    this.#role = createVectraRole(archive, this.parts);
    grantOthers(archive, this.parts);
    if (layout === "account") {
      for (const trail of trails) {
        const created = createTrail(this, { plan, trail, parts: this.parts });
        this.createOutput("trail_arn", created.trailArn, "ARN of the account's trail.");
      }
    }
    if (cloudTrail.notification.s3 !== undefined) {
      this.#announceObjects();
    }
    if (cloudTrail.stsV2Tokens) {
      new StsTokens(this, "sts-tokens", { partition: deployment.partition });
    }
    createVectraOutputs(archive, this.parts, this.#role);
  }

  /** Asks for what the owners of existing parts have to add. Call it when the trails of all stacks have their grants. */
  askForWhatIsMissing(): void {
    askForWhatIsMissing(this.#archive, this.parts, this.#role);
  }

  #announceObjects(): void {
    const { cloudTrail, layout, logAccountIds } = this.#archive;
    const { bucket, topic } = this.parts;
    const { existing } = cloudTrail.logBucket;
    if (isReleased(this.#archive, cloudTrail.logBucket)) {
      // The bucket's notifications are its owner's again; a created topic still accepts the bucket as a publisher.
      topic.grantPublish({ bucketArn: bucket.composed.bucketArn, bucketAccountId: bucket.accountId });
      return;
    }
    const place =
      existing === undefined ? ["cloudTrail", "notification"] : placeOf(this.#archive, "logBucket");
    this.at(
      place,
      () =>
        new S3Notification(this, "s3-notification", {
          bucket,
          topic,
          logAccountIds,
          organizationId: layout === "members" ? undefined : cloudTrail.organizationId,
          currentNotifications: existing?.currentNotifications,
          withdrawn: existing !== undefined && cloudTrail.leaving === "withdraw",
        }),
    );
  }
}

function purposeOf({ layout, cloudTrail, names }: LogArchive): string {
  const { logBucket, logKey, topic, role } = cloudTrail;
  const created = [
    ...(layout === "account" ? [`trail ${names.trail}`] : []),
    ...(logBucket.create === undefined ? [] : [`bucket ${names.logBucket}`]),
    ...(logKey?.create === undefined ? [] : [`key ${names.logKeyAlias}`]),
    ...(topic.create === undefined ? [] : [`topic ${names.topic}`]),
    ...(role.create === undefined ? [] : [`role ${names.vectraRole} for Vectra`]),
  ];
  return created.length === 0 ? "nothing new: everything exists" : created.join(", ");
}

import type { IVectraRole } from "../../../constructs/cloudtrail/index.js";
import type { LogArchive, Parts } from "./archive.js";

/** What the Vectra UI asks for, each value by itself and all of them as text. */
export function createVectraOutputs(
  { stack, cloudTrail }: LogArchive,
  { bucket, topic }: Parts,
  role: IVectraRole,
): void {
  const region = cloudTrail.logBucket.existing?.region ?? stack.region;
  stack.createOutput(
    "vectra_role_arn",
    role.roleArn,
    "For the Vectra UI: ARN of the role that Vectra assumes.",
  );
  stack.createOutput(
    "log_bucket_name",
    bucket.bucketName,
    "For the Vectra UI: name of the bucket with the log files.",
  );
  stack.createOutput("log_bucket_region", region, "For the Vectra UI: region of that bucket.");
  stack.createOutput(
    "notification_topic_arn",
    topic.topicArn,
    "For the Vectra UI: ARN of the SNS topic that announces new log files. Vectra subscribes to it.",
  );
  stack.createOutput(
    "vectra_ui_values",
    [
      "Paste these three values into the Vectra UI:",
      `  Role ARN:  ${role.roleArn}`,
      `  S3 bucket: ${bucket.bucketName} (${region})`,
      `  SNS topic: ${topic.topicArn}`,
      "",
    ].join("\n"),
    "The three values above as text: terraform output -raw vectra_ui_values.",
  );
}

import type { TerraformStack } from "cdktf";
import {
  type ILogBucket,
  type ILogKey,
  type INotificationTopic,
  LogBucket,
  type LogBucketAttributes,
  LogKey,
  NotificationTopic,
} from "../../../constructs/cloudtrail/index.js";

export const KEY = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555";

/** A key that exists, for what is encrypted with one; the same construct for every call in a stack. */
export function existingKey(stack: TerraformStack, keyArn = KEY): ILogKey {
  const made = stack.node.tryFindChild("existing-key") as ILogKey | undefined;
  return made ?? LogKey.fromLogKeyAttributes(stack, "existing-key", { keyArn });
}

/** A bucket that exists, of account 222222222222; the same construct for every call in a stack. */
export function existingBucket(
  stack: TerraformStack,
  attributes: Partial<LogBucketAttributes> = {},
): ILogBucket {
  const made = stack.node.tryFindChild("existing-bucket") as ILogBucket | undefined;
  return (
    made ??
    LogBucket.fromLogBucketAttributes(stack, "existing-bucket", {
      bucketName: "acme-cloudtrail-logs",
      accountId: "222222222222",
      region: "eu-west-1",
      ...attributes,
    })
  );
}

/** A topic that exists; the same construct for every call in a stack. */
export function existingTopic(stack: TerraformStack, topicArn: string): INotificationTopic {
  const made = stack.node.tryFindChild("existing-topic") as INotificationTopic | undefined;
  return made ?? NotificationTopic.fromNotificationTopicAttributes(stack, "existing-topic", { topicArn });
}

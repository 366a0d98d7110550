import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { EmulatedClient } from "./ministack.js";

/** A queue that may receive notifications. */
export interface NotificationQueue {
  readonly arn: string;
  /**
   * Bodies of the messages that have arrived since the last time, parsed.
   *
   * @param waitSeconds how long to wait for the first one; none by default.
   */
  received(waitSeconds?: number): Promise<unknown[]>;
}

/**
 * Makes a queue to which an AWS service may send.
 *
 * @param owner client settings of an administrator of its account.
 * @param arn ARN of the queue.
 * @param sender the service, `sns.amazonaws.com`.
 * @param sourceArn what the service must act for.
 */
export async function makeNotificationQueue(
  owner: EmulatedClient,
  { arn, sender, sourceArn }: { arn: string; sender: string; sourceArn: string },
): Promise<NotificationQueue> {
  const sqs = new SQSClient(owner);
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: sender },
        Action: "sqs:SendMessage",
        Resource: arn,
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
      },
    ],
  };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: arn.slice(arn.lastIndexOf(":") + 1),
      Attributes: { Policy: JSON.stringify(policy) },
    }),
  );
  return {
    arn,
    async received(waitSeconds = 0) {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
      );
      return (Messages ?? []).map(({ Body }) => JSON.parse(Body ?? "{}") as unknown);
    },
  };
}

import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { Construct } from "constructs";
import { type AccountAndRegion, queueArn } from "../../facts/arn.js";
import { addressed } from "../address.js";

export interface DeadLetterQueueProps {
  /** Name of the queue. */
  readonly queueName: string;
  readonly accountAndRegion: AccountAndRegion;
  /**
   * Customer key that encrypts the queue. Senders need `kms:GenerateDataKey` and `kms:Decrypt` on it.
   *
   * @default - a key of SQS
   */
  readonly kmsKeyArn?: string | undefined;
}

/** Fourteen days, SQS's maximum. */
const RETENTION_SECONDS = 1_209_600;

/**
 * Receives the events of invocations that failed or never started; an event names the tenant. No events of the tenant
 * are lost (the next run continues from the checkpoint), so a message is a reason to look, not work to repeat.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export class DeadLetterQueue extends Construct {
  readonly queueArn: string;
  readonly queueName: string;
  readonly queueUrl: string;
  /** Depend on this when you use `queueArn`. */
  readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = this.createQueue(props);
    this.queueArn = queueArn(props.accountAndRegion, props.queueName);
    this.queueName = this.queue.name;
    this.queueUrl = this.queue.url;
  }

  protected createQueue(props: DeadLetterQueueProps): SqsQueue {
    return addressed(
      new SqsQueue(this, "queue", {
        name: props.queueName,
        messageRetentionSeconds: RETENTION_SECONDS,
        ...(props.kmsKeyArn === undefined
          ? { sqsManagedSseEnabled: true }
          : { kmsMasterKeyId: props.kmsKeyArn }),
      }),
    );
  }
}

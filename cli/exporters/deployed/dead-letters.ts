import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { parse as parseArn } from "@aws-sdk/util-arn-parser";
import pLimit from "p-limit";
import { readInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { DeadLetterRedrive, DeadLetters, RedrivenInvocation } from "../exporter-target.js";
import type { DeployedFunction } from "./deployed-function.js";

/** SQS's maximum number of messages per call. */
const MESSAGES_PER_CALL = 10;
const CONCURRENT_CALLS = 16;
/** Seconds for which SQS searches all of its servers before it reports that there are no messages. */
const RECEIVE_SECONDS = 2;
/** Seconds for which messages are hidden from other readers. After an interruption, they reappear then. */
const VISIBILITY_SECONDS = 3600;

/** Messages with the same invocation. */
interface Letters {
  readonly payload: unknown;
  readonly messages: readonly Message[];
}

/** The queue for a function's failed invocations, and for those that the schedule could not start. */
export class DeadLetterQueue implements DeadLetters {
  readonly #sqs: SQSClient;
  readonly #function: Pick<DeployedFunction, "invoke" | "settings">;
  readonly #arn: string;
  #url: Promise<string> | undefined;

  constructor(sqs: SQSClient, arn: string, exporter: Pick<DeployedFunction, "invoke" | "settings">) {
    this.#sqs = sqs;
    this.#arn = arn;
    this.#function = exporter;
  }

  async count(): Promise<number> {
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: await this.#queueUrl(),
        AttributeNames: ["ApproximateNumberOfMessages"],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  async redrive(): Promise<DeadLetterRedrive> {
    const redriven: RedrivenInvocation[] = [];
    const remaining: (RedrivenInvocation & { readonly reason: string })[] = [];
    for (const { payload, messages } of lettersOf(await this.#receiveAll())) {
      const invocation = { payload, messages: messages.length };
      const reason = await this.#failureOf(payload);
      if (reason === undefined) {
        await this.#delete(messages);
        redriven.push(invocation);
      } else {
        await this.#giveBack(messages);
        remaining.push({ ...invocation, reason });
      }
    }
    return { redriven, remaining };
  }

  /** Repeats an invocation. @returns the reason why it failed; undefined if it succeeded. */
  async #failureOf(payload: unknown): Promise<string | undefined> {
    try {
      // An invocation that the function would reject is not sent.
      readInvocation(payload, this.#function.settings);
      const result = await this.#function.invoke(payload as object);
      return (result as { outcome?: unknown } | null)?.outcome === "lease-held"
        ? "Another run is in progress: try again in a few minutes."
        : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Every message in the queue. */
  async #receiveAll(): Promise<readonly Message[]> {
    const QueueUrl = await this.#queueUrl();
    const received = new Map<string, Message>();
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MESSAGES_PER_CALL,
          WaitTimeSeconds: RECEIVE_SECONDS,
          VisibilityTimeout: VISIBILITY_SECONDS,
        }),
      );
      if (Messages.length === 0) {
        return [...received.values()];
      }
      for (const message of Messages) {
        // A message that is received again must be deleted with its latest handle.
        received.set(String(message.MessageId), message);
      }
    }
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const QueueUrl = await this.#queueUrl();
    await pLimit(CONCURRENT_CALLS).map(messages, ({ ReceiptHandle }) =>
      this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    );
  }

  async #giveBack(messages: readonly Message[]): Promise<void> {
    const QueueUrl = await this.#queueUrl();
    await pLimit(CONCURRENT_CALLS).map(messages, ({ ReceiptHandle }) =>
      this.#sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
    );
  }

  #queueUrl(): Promise<string> {
    this.#url ??= this.#findUrl();
    return this.#url;
  }

  async #findUrl(): Promise<string> {
    const { accountId: QueueOwnerAWSAccountId, resource: QueueName } = parseArn(this.#arn);
    const { QueueUrl } = await this.#sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
    return String(QueueUrl);
  }
}

/** Messages grouped by invocation, in the order in which each was first received. */
function lettersOf(messages: readonly Message[]): readonly Letters[] {
  const groups = Map.groupBy(messages, ({ Body }) => JSON.stringify(payloadOf(Body)));
  return [...groups.values()].map((alike) => ({ payload: payloadOf(alike[0]?.Body), messages: alike }));
}

/** The invocation's event: the message itself, or a part of it if Lambda added details of the failure. */
function payloadOf(body: string | undefined): unknown {
  try {
    const message: unknown = JSON.parse(body ?? "null");
    return typeof message === "object" && message !== null && "requestPayload" in message
      ? message.requestPayload
      : message;
  } catch {
    return body;
  }
}

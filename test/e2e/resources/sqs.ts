import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Creator } from "./creator.js";

export const queue: Creator = async (declaration, { client }) => {
  const sqs = new SQSClient(client);
  const retention = declaration.optionalNumber("message_retention_seconds");
  const managedEncryption = declaration.optionalBoolean("sqs_managed_sse_enabled");
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: declaration.string("name"),
      Attributes: {
        ...(retention === undefined ? {} : { MessageRetentionPeriod: String(retention) }),
        ...(managedEncryption === undefined ? {} : { SqsManagedSseEnabled: String(managedEncryption) }),
      },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  return { id: QueueUrl, url: QueueUrl, arn: Attributes?.QueueArn };
};

export const queuePolicy: Creator = async (declaration, { client }) => {
  const url = declaration.string("queue_url");
  await new SQSClient(client).send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: declaration.string("policy") } }),
  );
  return { id: url };
};

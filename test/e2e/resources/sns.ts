import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Creator } from "./creator.js";

export const topic: Creator = async (declaration, { client }) => {
  const key = declaration.optionalString("kms_master_key_id");
  const { TopicArn } = await new SNSClient(client).send(
    new CreateTopicCommand({
      Name: declaration.string("name"),
      Attributes: key === undefined ? {} : { KmsMasterKeyId: key },
    }),
  );
  return { id: TopicArn, arn: TopicArn };
};

export const topicPolicy: Creator = async (declaration, { client }) => {
  const arn = declaration.string("arn");
  await new SNSClient(client).send(
    new SetTopicAttributesCommand({
      TopicArn: arn,
      AttributeName: "Policy",
      AttributeValue: declaration.string("policy"),
    }),
  );
  return { id: arn };
};

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Creator } from "./creator.js";

export const logGroup: Creator = async (declaration, { client, id }) => {
  const logs = new CloudWatchLogsClient(client);
  const name = declaration.string("name");
  await logs.send(
    new CreateLogGroupCommand({ logGroupName: name, kmsKeyId: declaration.optionalString("kms_key_id") }),
  );
  const days = declaration.optionalNumber("retention_in_days");
  if (days !== undefined) {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));
  }
  // Terraform cuts the `:*` off that the API puts at the end.
  return { id: name, arn: `arn:aws:logs:${client.region}:${id}:log-group:${name}` };
};

import {
  type BillingMode,
  CreateTableCommand,
  DynamoDBClient,
  type ScalarAttributeType,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { Creator } from "./creator.js";

export const table: Creator = async (declaration, { client }) => {
  const dynamodb = new DynamoDBClient(client);
  const name = declaration.string("name");
  const encryption = declaration.optionalBlock("server_side_encryption");
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: declaration.optionalString("billing_mode") as BillingMode | undefined,
      KeySchema: [
        { AttributeName: declaration.string("hash_key"), KeyType: "HASH" },
        { AttributeName: declaration.string("range_key"), KeyType: "RANGE" },
      ],
      AttributeDefinitions: declaration.blocks("attribute").map((attribute) => ({
        AttributeName: attribute.string("name"),
        AttributeType: attribute.string("type") as ScalarAttributeType,
      })),
      DeletionProtectionEnabled: declaration.optionalBoolean("deletion_protection_enabled"),
      ...(encryption && {
        SSESpecification: {
          Enabled: encryption.optionalBoolean("enabled"),
          KMSMasterKeyId: encryption.optionalString("kms_key_arn"),
        },
      }),
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 1 }, { TableName: name });
  const recovery = declaration.optionalBlock("point_in_time_recovery");
  if (recovery) {
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: name,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: recovery.optionalBoolean("enabled"),
        },
      }),
    );
  }
  const ttl = declaration.optionalBlock("ttl");
  if (ttl) {
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: {
          AttributeName: ttl.string("attribute_name"),
          Enabled: ttl.optionalBoolean("enabled"),
        },
      }),
    );
  }
  return { id: name, arn: TableDescription?.TableArn };
};

import {
  CreateAliasCommand,
  CreateKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import type { Creator } from "./creator.js";

export const key: Creator = async (declaration, { client }) => {
  declaration.passOver("deletion_window_in_days", "it matters on deletion only");
  const kms = new KMSClient(client);
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      Description: declaration.optionalString("description"),
      Policy: declaration.string("policy"),
      MultiRegion: declaration.optionalBoolean("multi_region"),
    }),
  );
  if (declaration.optionalBoolean("enable_key_rotation")) {
    await kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata?.KeyId }));
  }
  return { id: KeyMetadata?.KeyId, key_id: KeyMetadata?.KeyId, arn: KeyMetadata?.Arn };
};

export const alias: Creator = async (declaration, { client, id }) => {
  const name = declaration.string("name");
  await new KMSClient(client).send(
    new CreateAliasCommand({ AliasName: name, TargetKeyId: declaration.string("target_key_id") }),
  );
  return { id: name, arn: `arn:aws:kms:${client.region}:${id}:${name}` };
};

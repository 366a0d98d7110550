import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Creator } from "./creator.js";

export const secret: Creator = async (declaration, { client }) => {
  declaration.passOver("recovery_window_in_days", "it matters on deletion only");
  const { ARN } = await new SecretsManagerClient(client).send(
    new CreateSecretCommand({
      Name: declaration.string("name"),
      Description: declaration.optionalString("description"),
      KmsKeyId: declaration.optionalString("kms_key_id"),
    }),
  );
  return { id: ARN, arn: ARN };
};

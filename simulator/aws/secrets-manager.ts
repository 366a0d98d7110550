import { type AwsAnswer, type AwsCall, awsError, refuseOperation } from "./call.js";

/** Secrets Manager as far as the exporter needs it: GetSecretValue by ARN. */
export interface SecretsManager {
  answer(call: AwsCall): AwsAnswer;
  /** Gives a secret a new value, as a rotation does. */
  put(secretArn: string, secretString: string): void;
}

/** @param secrets secret strings by ARN */
export function openSecretsManager(secrets: Readonly<Record<string, string>>): SecretsManager {
  const values = new Map(Object.entries(secrets));
  return {
    answer(call) {
      if (call.operation !== "GetSecretValue") {
        return refuseOperation(call);
      }
      const { SecretId: arn } = JSON.parse(call.body.toString()) as { SecretId: string };
      const value = values.get(arn);
      if (value === undefined) {
        return awsError(
          "secretsmanager",
          400,
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret.",
        );
      }
      return {
        status: 200,
        contentType: "application/x-amz-json-1.1",
        body: JSON.stringify({
          ARN: arn,
          Name: arn.split(":").at(-1),
          SecretString: value,
          VersionId: "00000000-0000-4000-8000-000000000001",
          VersionStages: ["AWSCURRENT"],
        }),
      };
    },
    put(secretArn, secretString) {
      values.set(secretArn, secretString);
    },
  };
}

import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { calling } from "./aws-requests.js";
import type { ApiCredentials } from "./vectra/client.js";

const secret = z.object({
  client_id: z.string().check(z.minLength(1)),
  client_secret: z.string().check(z.minLength(1)),
});

/**
 * Reads a tenant's API client from Secrets Manager.
 *
 * @throws Error that names the secret, with the command that fixes it where there is one; never with any part of it.
 */
export async function readApiCredentials(
  secretsManager: SecretsManagerClient,
  secretArn: string,
): Promise<ApiCredentials> {
  const remedy =
    `Put the API client into it: aws secretsmanager put-secret-value --secret-id ${secretArn} ` +
    `--secret-string '{"client_id":"...","client_secret":"..."}'`;
  let text: string | undefined;
  try {
    const { SecretString } = await calling(`Reading secret ${secretArn}`, () =>
      secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn })),
    );
    text = SecretString;
  } catch (error) {
    // A secret that was created empty has no current version.
    const { cause } = error as Error;
    if (cause instanceof Error && cause.name === "ResourceNotFoundException") {
      throw new Error(`Secret ${secretArn} does not exist or has no value yet. ${remedy}`);
    }
    throw error;
  }
  const parsed = z.safeParse(secret, parse(text));
  if (!parsed.success) {
    throw new Error(`Secret ${secretArn} is not JSON with client_id and client_secret. ${remedy}`);
  }
  return { clientId: parsed.data.client_id, clientSecret: parsed.data.client_secret };
}

/** JSON.parse quotes its input in its message, which must not happen to a secret. */
function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

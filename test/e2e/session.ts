import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { EmulatedClient } from "./ministack.js";

/**
 * Client settings of a session of a role.
 *
 * @param caller who assumes it.
 * @throws AccessDenied when the role's trust policy, or the caller's own policy, does not allow it.
 */
export async function assumeRole(
  caller: EmulatedClient,
  roleArn: string,
  externalId: string | undefined,
): Promise<EmulatedClient> {
  const { Credentials } = await new STSClient(caller).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "e2e", ExternalId: externalId }),
  );
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken) {
    throw new Error(`STS returned no credentials for ${roleArn}.`);
  }
  return {
    ...caller,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  };
}

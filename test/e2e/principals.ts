import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import type { EmulatedClient } from "./ministack.js";

/**
 * Client settings of a new IAM user who may do everything as far as their own account is concerned, so that only
 * the policies of what they reach for can stop them. MiniStack does not hold root users to those policies.
 *
 * @param account client settings of the account's root user.
 */
export function administrator(account: EmulatedClient): Promise<EmulatedClient> {
  return user(account, "/", "administrator");
}

/**
 * Client settings of an AWS service that acts for a resource. MiniStack itself delivers nothing for CloudTrail;
 * `emulator.py` takes a user with this path for the service, and the rest of the path for `aws:SourceArn`.
 *
 * @param account client settings of the root user of the account that owns the resource.
 * @param service its principal, `cloudtrail.amazonaws.com`.
 * @param sourceArn ARN of the resource.
 */
export function awsService(
  account: EmulatedClient,
  service: string,
  sourceArn: string,
): Promise<EmulatedClient> {
  const [name = service] = sourceArn.split(/[:/]/).slice(-1);
  return user(account, `/service/${service}/${sourceArn}/`, name);
}

async function user(account: EmulatedClient, path: string, name: string): Promise<EmulatedClient> {
  const iam = new IAMClient(account);
  await iam.send(new CreateUserCommand({ Path: path, UserName: name }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: name,
      PolicyName: "everything",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      }),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) {
    throw new Error(`IAM returned no key for ${name}.`);
  }
  return {
    ...account,
    credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
  };
}

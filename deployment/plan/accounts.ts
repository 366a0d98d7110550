import { roleArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import type { Deployment } from "../schema/deployment.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";

/** What an account is for. */
export type AccountPart = (typeof ACCOUNT_PARTS)[number];

/** Every part that an account of its own can have. */
export const ACCOUNT_PARTS = [
  "management",
  "cloudTrailAdministrator",
  "logArchive",
  "securityLake",
  "brain",
] as const;

/** An account, and how Terraform gets into it. */
export type Account = NonNullable<Deployment["accounts"][AccountPart]>;

/** An account of an unfinished deployment. */
type SoundAccount = NonNullable<Sound<DeploymentInput>["accounts"]>[AccountPart];

/**
 * The account that has a part in the deployment: its own, or the single one.
 *
 * @throws Error when there is none, which loading a deployment rules out for every part that is needed.
 */
export function accountFor({ accounts }: Deployment, part: AccountPart): Account {
  const account = accounts[part] ?? accounts.single;
  if (account === undefined) {
    throw new Error(`accounts.${part} is missing. Set it, or accounts.single for everything.`);
  }
  return account;
}

/** {@link accountFor}, as far as an unfinished deployment determines it. */
export function soundAccountFor(deployment: Sound<DeploymentInput>, part: AccountPart): SoundAccount {
  return deployment.accounts?.[part] ?? deployment.accounts?.single;
}

/** The accounts with a trail of their own, each with the role that Terraform assumes there. */
export function memberAccounts({ accounts, partition }: Deployment): Account[] {
  const shared = accounts.membersAssumeRole;
  return (accounts.members ?? []).map(({ id, assumeRole }) => {
    if (assumeRole !== undefined || shared === undefined) {
      return { id, ...given({ assumeRole }) };
    }
    const { roleName, path, ...session } = shared;
    const arn = roleArn({ partition, accountId: id, path, roleName });
    return { id, assumeRole: { roleArn: arn, ...session } };
  });
}

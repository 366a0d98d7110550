/** A role, user or other identity, as named in an account's name in Vectra. */
export interface AwsIdentity {
  /** In Vectra's words: `role`, `user`, `assumed-role`. */
  readonly type: string;
  readonly name: string;
}

/** Whether an account's name belongs to AWS: `AWS:111122223333/role:build-agent`. */
export function isAws(name: string | null): boolean {
  return name?.startsWith("AWS:") ?? false;
}

/**
 * The AWS account in an account's name: `111122223333` of `AWS:111122223333/role:build-agent`.
 *
 * @returns undefined where the name contains none, as `AWS:None/us-1-east/config:AWSConfig-Describe` does.
 */
export function awsAccountIdOf(name: string | null): string | undefined {
  return /^AWS:(\d{12})(?:\/|$)/.exec(name ?? "")?.[1];
}

/** The identity in an account's name; undefined unless the name is an AWS account, a type and a name. */
export function awsIdentityOf(name: string | null): AwsIdentity | undefined {
  const [, type, identity] = /^AWS:\d{12}\/([\w-]+):(.+)$/.exec(name ?? "") ?? [];
  return type === undefined || identity === undefined ? undefined : { type, name: identity };
}

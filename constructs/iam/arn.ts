/**
 * ARNs composed from names, for resources of ours that do not exist yet or that another stack makes. Only
 * strings are joined, so every part may be an unresolved token.
 */

/** The account itself, as a principal: `arn:aws:iam::111111111111:root`. */
export function accountRootArn(account: { readonly partition: string; readonly accountId: string }): string {
  return `arn:${account.partition}:iam::${account.accountId}:root`;
}

/** A role: `arn:aws:iam::111111111111:role/path/name`; `path` begins and ends with `/`. */
export function roleArn(role: {
  readonly partition: string;
  readonly accountId: string;
  readonly path?: string | undefined;
  readonly roleName: string;
}): string {
  return `arn:${role.partition}:iam::${role.accountId}:role${role.path ?? "/"}${role.roleName}`;
}

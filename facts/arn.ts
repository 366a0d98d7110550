/**
 * ARNs, composed and taken apart. Composing joins strings only, so every part may be a token of CDKTF: policies name
 * what does not exist yet (a reference would make a cycle), and no stack reads another's state.
 */

/** Where a resource is. */
export interface AccountAndRegion {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The parts of an ARN. Region and account are absent where the ARN has none, as a bucket's. */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  /** Everything after the account, with its colons and slashes: `role/path/name`, `function:name`. */
  readonly resource: string;
}

/** @returns nothing for a text that is not an ARN, a token among them. */
export function parseArn(arn: string | undefined): ArnParts | undefined {
  const [scheme, partition = "", service = "", region, accountId, ...resource] = arn?.split(":") ?? [];
  return scheme !== "arn" || resource.length === 0
    ? undefined
    : {
        partition,
        service,
        region: region || undefined,
        accountId: accountId || undefined,
        resource: resource.join(":"),
      };
}

/** The account in an ARN; nothing for an ARN without one and for what is no ARN. */
export function accountOfArn(arn: string | undefined): string | undefined {
  return parseArn(arn)?.accountId;
}

/** The region in an ARN; nothing for an ARN without one and for what is no ARN. */
export function regionOfArn(arn: string | undefined): string | undefined {
  return parseArn(arn)?.region;
}

/** The partition in an ARN; nothing for what is no ARN. */
export function partitionOfArn(arn: string | undefined): string | undefined {
  return parseArn(arn)?.partition;
}

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

/** A managed policy of AWS itself; `policyName` with its path, `service-role/AWSGlueServiceRole`. */
export function awsManagedPolicyArn(policy: {
  readonly partition: string;
  readonly policyName: string;
}): string {
  return `arn:${policy.partition}:iam::aws:policy/${policy.policyName}`;
}

/** A trail, in its home region and the account that owns it (an organization trail: the management account). */
export function trailArn(trail: AccountAndRegion & { readonly trailName: string }): string {
  return `arn:${trail.partition}:cloudtrail:${trail.region}:${trail.accountId}:trail/${trail.trailName}`;
}

/** A bucket; bucket names are unique in their partition, so there is no account in it. */
export function bucketArn(bucket: { readonly partition: string; readonly bucketName: string }): string {
  return `arn:${bucket.partition}:s3:::${bucket.bucketName}`;
}

/** A topic. */
export function topicArn(topic: AccountAndRegion & { readonly topicName: string }): string {
  return `arn:${topic.partition}:sns:${topic.region}:${topic.accountId}:${topic.topicName}`;
}

/** The alias of a key; `aliasName` without `alias/`. */
export function keyAliasArn(alias: AccountAndRegion & { readonly aliasName: string }): string {
  return `arn:${alias.partition}:kms:${alias.region}:${alias.accountId}:alias/${alias.aliasName}`;
}

export function functionArn(
  { partition, region, accountId }: AccountAndRegion,
  functionName: string,
): string {
  return `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`;
}

/** A log group, without the `:*` that stands for its streams. */
export function logGroupArn(
  { partition, region, accountId }: AccountAndRegion,
  logGroupName: string,
): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}`;
}

export function tableArn({ partition, region, accountId }: AccountAndRegion, tableName: string): string {
  return `arn:${partition}:dynamodb:${region}:${accountId}:table/${tableName}`;
}

export function queueArn({ partition, region, accountId }: AccountAndRegion, queueName: string): string {
  return `arn:${partition}:sqs:${region}:${accountId}:${queueName}`;
}

export function scheduleGroupArn(
  { partition, region, accountId }: AccountAndRegion,
  groupName: string,
): string {
  return `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${groupName}`;
}

export function stateMachineArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;
}

/** Every execution of a state machine. */
export function executionsArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:states:${region}:${accountId}:execution:${name}:*`;
}

/** Every alarm whose name begins with this one and a hyphen. */
export function alarmsArn({ partition, region, accountId }: AccountAndRegion, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}-*`;
}

/**
 * ARNs composed from names: policies name the trail before it exists (a reference would make a cycle), and
 * no stack reads another's state. Only strings are joined, so every part may be an unresolved token.
 */

/** The trail, in its home region and the account that owns it (an organization trail: the management account). */
export function trailArn(trail: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly trailName: string;
}): string {
  return `arn:${trail.partition}:cloudtrail:${trail.region}:${trail.accountId}:trail/${trail.trailName}`;
}

/** The bucket; bucket names are unique in their partition, so there is no account in it. */
export function bucketArn(bucket: { readonly partition: string; readonly bucketName: string }): string {
  return `arn:${bucket.partition}:s3:::${bucket.bucketName}`;
}

/** The topic. */
export function topicArn(topic: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly topicName: string;
}): string {
  return `arn:${topic.partition}:sns:${topic.region}:${topic.accountId}:${topic.topicName}`;
}

/** The alias of a key; `aliasName` without `alias/`. */
export function keyAliasArn(alias: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly aliasName: string;
}): string {
  return `arn:${alias.partition}:kms:${alias.region}:${alias.accountId}:alias/${alias.aliasName}`;
}

import type { IConstruct } from "constructs";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";
import { enforceKnownAcross, inSameStack } from "../across-stacks.js";
import type { PolicyStatement } from "../iam/policy.js";
import { logRootInPolicy } from "./log-root.js";
import { vectraRoleStatements } from "./vectra-role-policy.js";
import type { VectraConnection } from "./vectra-role-props.js";

/** A role of Vectra's, by names. */
interface ComposedRole {
  readonly roleArn: string;
  readonly accountId: string;
  /** Props that the ARN is composed of, by their names: an error is about one of them. */
  readonly names: Readonly<Record<string, string | undefined>>;
}

/**
 * Grants Vectra's role and account what they need: decrypt with the key, subscribe to the topic, and read the bucket
 * where it is another account's. In the role's own account the role's policy is enough.
 *
 * @param role composed of names, because the key's policy names the role before it exists.
 */
export function grantToVectra(
  user: IConstruct,
  { roleArn, accountId, names }: ComposedRole,
  { bucket, key, topic, vectraAccountId, subscription }: VectraConnection,
): void {
  for (const used of [bucket, key, topic].filter((used) => used !== undefined)) {
    enforceKnownAcross(user, used, { ...names, accountId, vectraAccountId });
  }
  if (topic !== undefined) {
    enforceKnownAcross(user, topic, {
      ...byIndex("subscription.protocols", subscription?.protocols),
      ...byIndex("subscription.endpoints", subscription?.endpoints),
    });
  }
  enforceKnownAcross(bucket, user, { bucketName: bucket.composed.bucketArn, keyPrefix: bucket.keyPrefix });
  key?.grantDecrypt({ accountId, roleArns: [roleArn] });
  topic?.grantSubscribe({ accountId: vectraAccountId, ...subscription });
  if (bucket.accountId !== accountId) {
    bucket.grantRead({ accountId, roleArns: [roleArn] });
  }
}

function byIndex(prop: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${prop}[${index}]`, value]));
}

/**
 * What the role may do.
 *
 * @param accountId account of the role.
 * @param bucketArn by default a reference in the bucket's own stack, which orders bucket and role.
 */
export function statementsForVectra(
  user: IConstruct,
  accountId: string,
  connection: VectraConnection,
  bucketArn: string = inSameStack(user, connection.bucket)
    ? connection.bucket.bucketArn
    : connection.bucket.composed.bucketArn,
): PolicyStatement[] {
  const {
    bucket,
    key,
    iamContext = VECTRA_ROLE_OPTIONS.iamContext.default,
    listLogsOnly,
    readDigests,
    readInsights,
  } = connection;
  return vectraRoleStatements({
    bucketArn,
    logRoot: logRootInPolicy(bucket.keyPrefix),
    kmsKeyArn: key?.keyArnFor(user, accountId),
    iamContext,
    listLogsOnly,
    readDigests,
    readInsights,
  });
}

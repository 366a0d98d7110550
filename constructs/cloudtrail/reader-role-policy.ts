import type { PolicyStatement } from "../iam/policy.js";

/**
 * What the policy of a reader's own role must hold beside the policies of bucket and key: across accounts either
 * side has to allow a request.
 *
 * @param logRoot see `logRootInPolicy()`.
 */
export function readerRoleStatements(access: {
  readonly bucketArn: string;
  readonly logRoot: string;
  readonly kmsKeyArn: string | undefined;
}): PolicyStatement[] {
  const { bucketArn, logRoot, kmsKeyArn } = access;
  return [
    getLogs(bucketArn, logRoot),
    listBucket(bucketArn),
    ...(kmsKeyArn === undefined ? [] : [decrypt(kmsKeyArn)]),
  ];
}

/** {@link readerRoleStatements} of a role that subscribes to the topic. */
export function subscribeToTopic(topicArn: string): PolicyStatement {
  return { Sid: "SubscribeToTopic", Effect: "Allow", Action: "sns:Subscribe", Resource: topicArn };
}

function getLogs(bucketArn: string, logRoot: string): PolicyStatement {
  return {
    Sid: "GetLogs",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucketArn}/${logRoot}/*`,
  };
}

function listBucket(bucketArn: string): PolicyStatement {
  return {
    Sid: "ListBucket",
    Effect: "Allow",
    Action: ["s3:ListBucket", "s3:GetBucketLocation"],
    Resource: bucketArn,
  };
}

function decrypt(kmsKeyArn: string): PolicyStatement {
  return { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: kmsKeyArn };
}

import type { Question } from "./evaluator.js";
import {
  BUCKET,
  type Documents,
  EXTERNAL_ID,
  KEY,
  LOG_ARCHIVE,
  MANAGEMENT,
  ORGANIZATION,
  ROLE,
  TOPIC,
  TRAIL,
  VECTRA,
} from "./scenario.js";

/** Who asks for something, what he brings along, in words and in IAM's terms. */
export interface Caller {
  readonly name: string;
  readonly principal: string;
  readonly context?: Readonly<Record<string, string>>;
  /** The policy that the principal's own account gives him; without one he may ask for anything. */
  readonly identity?: (documents: Documents) => unknown;
}

/** What is asked for. */
export interface Request {
  readonly name: string;
  readonly action: string;
  readonly resource: string;
  /** Which document is the resource's policy; the action may know no resource. */
  readonly policy: keyof Documents | undefined;
  readonly context?: Readonly<Record<string, string>>;
}

const EVERYTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** The question that a caller's request puts to IAM. */
export function question(documents: Documents, caller: Caller, request: Request): Question {
  const isService = caller.principal.endsWith(".amazonaws.com");
  return {
    principal: caller.principal,
    action: request.action,
    resource: request.resource,
    account: LOG_ARCHIVE,
    context: { ...request.context, ...caller.context },
    identityPolicies: isService ? [] : [caller.identity?.(documents) ?? EVERYTHING],
    ...(request.policy === undefined ? {} : { resourcePolicy: documents[request.policy] }),
  };
}

export function cloudTrailFor(trailArn: string, name: string): Caller {
  return {
    name: `CloudTrail for ${name}`,
    principal: "cloudtrail.amazonaws.com",
    context: { "aws:SourceArn": trailArn },
  };
}

export function s3For(bucketArn: string, account: string, name: string): Caller {
  return {
    name: `S3 for ${name}`,
    principal: "s3.amazonaws.com",
    context: { "aws:SourceArn": bucketArn, "aws:SourceAccount": account },
  };
}

/** A role in some account, which its own account lets do anything. */
export function roleOf(account: string, name: string, role = "reader"): Caller {
  const arn = `arn:aws:iam::${account}:role/${role}`;
  return {
    name,
    principal: `arn:aws:sts::${account}:assumed-role/${role}/session`,
    context: { "aws:PrincipalArn": arn },
  };
}

/** Vectra after it has assumed the role. */
export const VECTRA_AS_ROLE: Caller = {
  name: "Vectra in its role",
  principal: `arn:aws:sts::${LOG_ARCHIVE}:assumed-role/vectra-cdr/vectra`,
  context: { "aws:PrincipalArn": ROLE },
  identity: ({ role }) => role,
};

/** Vectra before, with whatever External ID it gives. */
export function vectraWith(externalId: string | undefined, name: string, role = "collector"): Caller {
  const caller = roleOf(VECTRA, `Vectra with ${name}`, role);
  return externalId === undefined
    ? caller
    : { ...caller, context: { ...caller.context, "sts:ExternalId": externalId } };
}

export const VECTRA_ITSELF = vectraWith(EXTERNAL_ID, "its External ID");
export const THIS_TRAIL = cloudTrailFor(TRAIL, "this trail");

const OWNER_CONTROL = { "s3:x-amz-acl": "bucket-owner-full-control" };

export const READ_ACL: Request = {
  name: "read the bucket's ACL",
  action: "s3:GetBucketAcl",
  resource: BUCKET,
  policy: "bucket",
};

export function putLog(path: string, name: string, acl: Record<string, string> = OWNER_CONTROL): Request {
  return {
    name: `put ${name}`,
    action: "s3:PutObject",
    resource: `${BUCKET}/${path}`,
    policy: "bucket",
    context: acl,
  };
}

export const PUT_ACCOUNT_LOG = putLog(
  `AWSLogs/${MANAGEMENT}/CloudTrail/eu-west-1/a.json.gz`,
  "a log file of the trail's account",
);
export const PUT_ORGANIZATION_LOG = putLog(
  `AWSLogs/${ORGANIZATION}/444444444444/CloudTrail/eu-west-1/a.json.gz`,
  "a log file of a member account",
);

export const GET_LOG: Request = {
  name: "get a log file",
  action: "s3:GetObject",
  resource: `${BUCKET}/AWSLogs/${MANAGEMENT}/CloudTrail/eu-west-1/a.json.gz`,
  policy: "bucket",
};
export const LIST_BUCKET: Request = {
  name: "list the bucket",
  action: "s3:ListBucket",
  resource: BUCKET,
  policy: "bucket",
};
export const DECRYPT: Request = {
  name: "decrypt with the log key",
  action: "kms:Decrypt",
  resource: KEY,
  policy: "key",
};
export const GENERATE_KEY_FOR_LOGS: Request = {
  name: "generate a data key for a log file",
  action: "kms:GenerateDataKey",
  resource: KEY,
  policy: "key",
  context: { "kms:EncryptionContext:aws:cloudtrail:arn": TRAIL },
};
export const GENERATE_KEY_FOR_NOTIFICATION: Request = {
  name: "generate a data key for a notification",
  action: "kms:GenerateDataKey",
  resource: KEY,
  policy: "key",
  context: { "kms:EncryptionContext:aws:sns:topicArn": TOPIC },
};
export const DECRYPT_NOTIFICATION: Request = {
  ...GENERATE_KEY_FOR_NOTIFICATION,
  name: "decrypt the data key of a notification",
  action: "kms:Decrypt",
};
export const DESCRIBE_KEY: Request = {
  name: "describe the log key",
  action: "kms:DescribeKey",
  resource: KEY,
  policy: "key",
};
export const PUBLISH: Request = {
  name: "publish to the topic",
  action: "sns:Publish",
  resource: TOPIC,
  policy: "topic",
};
export const SUBSCRIBE: Request = {
  name: "subscribe to the topic",
  action: "sns:Subscribe",
  resource: TOPIC,
  policy: "topic",
};
export const ASSUME: Request = {
  name: "assume the role",
  action: "sts:AssumeRole",
  resource: ROLE,
  policy: "trust",
};

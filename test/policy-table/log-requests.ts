import {
  ASSUME,
  DECRYPT,
  GENERATE_KEY_FOR_LOGS,
  GENERATE_KEY_FOR_NOTIFICATION,
  GET_LOG,
  LIST_BUCKET,
  PUBLISH,
  PUT_ACCOUNT_LOG,
  putLog,
  type Request,
  SUBSCRIBE,
} from "./requests.js";
import { BUCKET, LOG_ARCHIVE, MANAGEMENT, MEMBER, ORGANIZATION, STRANGER } from "./scenario.js";

export const CONTEXT_KEY = "kms:EncryptionContext:aws:cloudtrail:arn";
const TOPIC_CONTEXT_KEY = "kms:EncryptionContext:aws:sns:topicArn";

export const GET_LOG_PLAIN: Request = {
  ...GET_LOG,
  name: "get a log file without TLS",
  context: { "aws:SecureTransport": "false" },
};
export const SUBSCRIBE_PLAIN: Request = {
  ...SUBSCRIBE,
  name: "subscribe without TLS",
  context: { "aws:SecureTransport": "false" },
};
export const PUBLISH_PLAIN: Request = {
  ...PUBLISH,
  name: "publish without TLS",
  context: { "aws:SecureTransport": "false" },
};
export const PUT_LOG_PLAIN: Request = {
  ...PUT_ACCOUNT_LOG,
  name: "put a log file without TLS",
  context: { ...PUT_ACCOUNT_LOG.context, "aws:SecureTransport": "false" },
};
export const DELETE_LOG: Request = { ...GET_LOG, name: "delete a log file", action: "s3:DeleteObject" };
export const DELETE_BUCKET: Request = {
  ...LIST_BUCKET,
  name: "delete the bucket",
  action: "s3:DeleteBucket",
};
export const PUT_POLICY: Request = {
  ...LIST_BUCKET,
  name: "change the bucket's policy",
  action: "s3:PutBucketPolicy",
};
export const LOCATE: Request = { ...LIST_BUCKET, name: "locate the bucket", action: "s3:GetBucketLocation" };
export const GET_OUTSIDE: Request = {
  ...GET_LOG,
  name: "get an object outside of the log prefix",
  resource: `${BUCKET}/billing/2026.csv`,
};
export const GET_ORGANIZATION_LOG: Request = {
  ...GET_LOG,
  name: "get a log file of a member account",
  resource: `${BUCKET}/AWSLogs/${ORGANIZATION}/${MEMBER}/CloudTrail/eu-west-1/2026/01/31/a.json.gz`,
};
export const GET_DIGEST: Request = {
  ...GET_LOG,
  name: "get a digest file",
  resource: `${BUCKET}/AWSLogs/${MANAGEMENT}/CloudTrail-Digest/eu-west-1/2026/01/31/a.json.gz`,
};
export const GET_INSIGHT: Request = {
  ...GET_LOG,
  name: "get an Insights event",
  resource: `${BUCKET}/AWSLogs/${ORGANIZATION}/${MEMBER}/CloudTrail-Insight/eu-west-1/2026/01/31/a.json.gz`,
};
export const GET_CONFIGURATION: Request = {
  ...GET_LOG,
  name: "get what AWS Config has written beside the logs",
  resource: `${BUCKET}/AWSLogs/${MANAGEMENT}/Config/eu-west-1/2026/1/31/a.json.gz`,
};
export const LIST_LOGS: Request = {
  ...LIST_BUCKET,
  name: "list below the log prefix",
  context: { "s3:prefix": `AWSLogs/${ORGANIZATION}/` },
};
export const LIST_OUTSIDE: Request = {
  ...LIST_BUCKET,
  name: "list outside of the log prefix",
  context: { "s3:prefix": "billing/" },
};
export const GET_ELSEWHERE: Request = {
  ...GET_LOG,
  name: "get an object of another bucket",
  resource: "arn:aws:s3:::crown-jewels/secret",
};
export const PUT_BY_ROLE: Request = {
  ...putLog(`AWSLogs/${MANAGEMENT}/CloudTrail/forged.json.gz`, "a forged log file"),
};
export const DECRYPT_ELSEWHERE: Request = {
  ...DECRYPT,
  name: "decrypt with another key",
  resource: `arn:aws:kms:eu-west-1:${LOG_ARCHIVE}:key/99999999-2222-3333-4444-555555555555`,
};
export const DISABLE_KEY: Request = { ...DECRYPT, name: "disable the log key", action: "kms:DisableKey" };
export const LIST_ROLES: Request = {
  name: "list roles",
  action: "iam:ListRoles",
  resource: "*",
  policy: undefined,
};
export const ASSUME_TAGGED: Request = {
  ...ASSUME,
  name: "tag a session of the role",
  action: "sts:TagSession",
};
export const UNSUBSCRIBE_OTHERS: Request = {
  ...SUBSCRIBE,
  name: "change the topic's policy",
  action: "sns:SetTopicAttributes",
};
export const GENERATE_KEY_FOR_STRANGER: Request = {
  ...GENERATE_KEY_FOR_LOGS,
  name: "generate a data key for a stranger's log file",
  context: {
    "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:eu-west-1:${STRANGER}:trail/vectra-cdr`,
  },
};

export const GENERATE_KEY_FOR_OTHER_TOPIC: Request = {
  ...GENERATE_KEY_FOR_NOTIFICATION,
  name: "generate a data key for a notification of another topic",
  context: { [TOPIC_CONTEXT_KEY]: `arn:aws:sns:eu-west-1:${LOG_ARCHIVE}:alarms` },
};
export const GENERATE_KEY_FOR_ANYTHING: Request = {
  ...GENERATE_KEY_FOR_NOTIFICATION,
  name: "generate a data key for whatever it likes",
  context: {},
};

/** Parts of a deployment file, each a value of one line. */
export interface FileParts {
  readonly partition: string;
  readonly region: string;
  readonly accounts: string;
  readonly vectra: string;
  readonly organizationId: string;
  readonly trail: string;
  readonly logBucket: string;
  readonly logKey: string;
  readonly topic: string;
  readonly notification: string;
  readonly role: string;
  readonly stsV2Tokens: string;
}

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/our-trail";
export const KEY = "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-0000-000000000000";
export const TOPIC = "arn:aws:sns:eu-west-1:222222222222:our-topic";
export const ROLE = "arn:aws:iam::222222222222:role/our-role";

const CREATED: FileParts = {
  partition: "aws",
  region: "eu-west-1",
  accounts: '{ single: { id: "222222222222" } }',
  vectra: '{ accountId: "999999999999", externalId: made-by-vectra }',
  organizationId: "",
  trail: "{ create: {} }",
  logBucket: "{ create: {} }",
  logKey: "{ create: {} }",
  topic: "{ create: {} }",
  notification: "{ trail: {} }",
  role: "{ create: {} }",
  stsV2Tokens: "false",
};

/**
 * A deployment file of the CloudTrail half, everything created in one account unless a part says otherwise;
 * an empty part is left out together with its key. Tests name its lines: each part has its own, and an empty
 * one leaves an empty line.
 */
export function cloudTrailFile(parts: Partial<FileParts> = {}): string {
  const line = (indent: string, key: keyof FileParts) => {
    const value = parts[key] ?? CREATED[key];
    return value === "" ? "" : `${indent}${key}: ${value}`;
  };
  return [
    "name: vectra-cdr",
    line("", "partition"),
    line("", "region"),
    line("", "accounts"),
    line("", "vectra"),
    "cloudTrail:",
    line("  ", "organizationId"),
    line("  ", "trail"),
    line("  ", "logBucket"),
    line("  ", "logKey"),
    line("  ", "topic"),
    line("  ", "notification"),
    line("  ", "role"),
    line("  ", "stsV2Tokens"),
    "",
  ].join("\n");
}

/** {@link cloudTrailFile} with trail, bucket, key and topic that are there already. */
export function existingFile(parts: Partial<FileParts> = {}): string {
  return cloudTrailFile({
    trail: `{ existing: { arn: "${TRAIL}" } }`,
    logBucket: "{ existing: { name: our-logs } }",
    logKey: `{ existing: { arn: "${KEY}" } }`,
    topic: `{ existing: { arn: "${TOPIC}" } }`,
    ...parts,
  });
}

import {
  LogBucket,
  LogKey,
  NotificationTopic,
  Trail,
  VectraRole,
  type VectraRoleProps,
} from "../../constructs/cloudtrail/index.js";
import { readerRoleStatements, subscribeToTopic } from "../../constructs/cloudtrail/reader-role-policy.js";
import type { PolicyStatement } from "../../constructs/iam/index.js";
import { bucketArn, topicArn, trailArn } from "../../facts/arn.js";
import { synthTemplate } from "../constructs/template.js";
import type { Document } from "./evaluator.js";

export const MANAGEMENT = "111111111111";
export const LOG_ARCHIVE = "222222222222";
export const MEMBER = "444444444444";
export const SIEM = "777777777777";
export const SIEM_ROLE = `arn:aws:iam::${SIEM}:role/security/siem`;
export const STRANGER = "666666666666";
export const VECTRA = "999999999999";
export const EXTERNAL_ID = "vectra:7f3c-shown-by-the-ui";
export const ORGANIZATION = "o-a1b2c3d4e5";

const PARTITION = "aws";
const REGION = "eu-west-1";
export const TRAIL = trailArn({
  partition: PARTITION,
  region: REGION,
  accountId: MANAGEMENT,
  trailName: "vectra-cdr",
});
export const BUCKET = bucketArn({ partition: PARTITION, bucketName: "acme-logs" });
export const TOPIC = topicArn({
  partition: PARTITION,
  region: REGION,
  accountId: LOG_ARCHIVE,
  topicName: "logs",
});
export const KEY = `arn:aws:kms:${REGION}:${LOG_ARCHIVE}:key/11111111-2222-3333-4444-555555555555`;
export const ROLE = `arn:aws:iam::${LOG_ARCHIVE}:role/vectra-cdr`;

/** What is made here and what somebody else has made before. */
export interface Origins {
  readonly trail: "new" | "existing";
  readonly bucket: "new" | "existing";
  readonly key: "new" | "existing";
  readonly topic: "new" | "existing";
}

const ALL_NEW: Origins = { trail: "new", bucket: "new", key: "new", topic: "new" };

/** Every combination there is. */
export const EVERY_COMBINATION: readonly Origins[] = (["new", "existing"] as const).flatMap((trail) =>
  (["new", "existing"] as const).flatMap((bucket) =>
    (["new", "existing"] as const).flatMap((key) =>
      (["new", "existing"] as const).map((topic) => ({ trail, bucket, key, topic })),
    ),
  ),
);

/** The documents of a synthesized stack, with ARNs in the place of references. */
export interface Documents {
  readonly bucket: Document;
  readonly key: Document;
  readonly topic: Document;
  readonly trust: Document;
  readonly role: Document;
  /** The SIEM's own side: what its role's policy must hold. */
  readonly siem: Document;
}

/** What was in the policies of existing resources before we came: their owner's backup reads and administers. */
const OWNER = { AWS: `arn:aws:iam::${LOG_ARCHIVE}:role/backup` };
const OWNERS_STATEMENTS: Record<"bucket" | "key" | "topic", PolicyStatement[]> = {
  bucket: [
    { Sid: "Backup", Effect: "Allow", Principal: OWNER, Action: "s3:GetObject", Resource: `${BUCKET}/*` },
  ],
  key: [
    {
      Sid: "Administration",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${LOG_ARCHIVE}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
  topic: [{ Sid: "Backup", Effect: "Allow", Principal: OWNER, Action: "sns:Publish", Resource: TOPIC }],
};

export interface ScenarioProps {
  readonly origins?: Origins;
  /** Who announces new files; the trail by default. */
  readonly publisher?: "trail" | "bucket";
  /** What existing resources' owners do with our statements: let this stack own the policy, or add them. */
  readonly existing?: "own" | "print";
  readonly organization?: boolean;
  readonly trailArns?: readonly string[];
  readonly trailAccountIds?: readonly string[];
  readonly topicLimits?: { readonly protocols: readonly string[]; readonly endpoints: readonly string[] };
  readonly role?: Partial<VectraRoleProps>;
  /** Whether a SIEM of another account reads and subscribes beside Vectra. */
  readonly siem?: boolean;
}

/** Builds and synthesizes everything that Vectra needs and returns the policies that AWS would see. */
export function documentsOf(props: ScenarioProps = {}): Documents {
  const { origins = ALL_NEW, existing = "own", publisher = "trail", organization = true } = props;
  const printed: Partial<Record<"bucket" | "key" | "topic", Document>> = {};
  const policy = (kind: "bucket" | "key" | "topic") => ({
    behaviour: existing,
    currentStatements: OWNERS_STATEMENTS[kind],
  });
  const here = { accountId: LOG_ARCHIVE, region: REGION };
  const template = synthTemplate((stack) => {
    const trail = origins.trail === "new" ? TRAIL : Trail.fromTrailArn(stack, "trail", TRAIL).trailArn;
    const writers = {
      trailArns: props.trailArns ?? [trail],
      trailAccountIds: props.trailAccountIds ?? [MANAGEMENT],
      ...(organization ? { organizationId: ORGANIZATION } : {}),
    };
    const key =
      origins.key === "new"
        ? new LogKey(stack, "key", { aliasName: "logs", ...here })
        : LogKey.fromLogKeyAttributes(stack, "key", { keyArn: KEY, policy: policy("key") });
    const bucket =
      origins.bucket === "new"
        ? new LogBucket(stack, "bucket", { bucketName: "acme-logs", key, ...here })
        : LogBucket.fromLogBucketAttributes(stack, "bucket", {
            bucketName: "acme-logs",
            ...here,
            policy: policy("bucket"),
          });
    const topic =
      origins.topic === "new"
        ? new NotificationTopic(stack, "topic", { topicName: "logs", key, ...here })
        : NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
            topicArn: TOPIC,
            key,
            policy: policy("topic"),
          });
    const publishing =
      publisher === "trail"
        ? { trailArns: writers.trailArns }
        : { bucketArn: BUCKET, bucketAccountId: LOG_ARCHIVE };
    bucket.grantWrite(writers);
    key.grantEncrypt(writers);
    // Lets them use the topic's key, too.
    topic.grantPublish(publishing);
    // Grants itself decrypt and Vectra the subscription.
    new VectraRole(stack, "role", {
      roleName: "vectra-cdr",
      accountId: LOG_ARCHIVE,
      vectraAccountId: VECTRA,
      externalId: EXTERNAL_ID,
      bucket,
      key,
      topic,
      subscription: props.topicLimits,
      ...props.role,
    });
    if (props.siem === true) {
      bucket.grantRead({ accountId: SIEM, roleArns: [SIEM_ROLE] });
      key.grantDecrypt({ accountId: SIEM, roleArns: [SIEM_ROLE] });
      topic.grantSubscribe({
        accountId: SIEM,
        roleArns: [SIEM_ROLE],
        protocols: ["sqs"],
        endpoints: [`arn:aws:sqs:eu-west-1:${SIEM}:logs`],
      });
    }
    for (const [kind, resource] of Object.entries({ bucket, key, topic } as const)) {
      const owner = OWNERS_STATEMENTS[kind as "bucket"];
      if (existing === "print") {
        printed[kind as "bucket"] = {
          Version: "2012-10-17",
          Statement: [...owner, ...resource.statementsToAdd],
        };
      }
    }
  });
  const read = (kind: "bucket" | "key" | "topic", type: string, attribute = "policy") =>
    existing === "print" && origins[kind] === "existing"
      ? printed[kind]
      : withArns(template.resource(type)[attribute]);
  return {
    bucket: read("bucket", "aws_s3_bucket_policy"),
    key: read("key", origins.key === "new" ? "aws_kms_key" : "aws_kms_key_policy"),
    topic: read("topic", "aws_sns_topic_policy"),
    trust: withArns(template.resource("aws_iam_role")["assume_role_policy"]),
    role: withArns(template.resource("aws_iam_role_policy")["policy"]),
    siem: {
      Version: "2012-10-17",
      Statement: [
        ...readerRoleStatements({ bucketArn: BUCKET, logRoot: "AWSLogs", kmsKeyArn: KEY }),
        subscribeToTopic(TOPIC),
      ],
    },
  };
}

/** What Terraform will have put in by the time that AWS sees the policy. */
function withArns(policy: unknown): Document {
  return JSON.parse(
    String(policy)
      .replaceAll("${aws_s3_bucket.bucket_bucket.arn}", BUCKET)
      .replaceAll("${aws_kms_key.key_key.arn}", KEY)
      .replaceAll("${aws_sns_topic.topic_topic.arn}", TOPIC),
  );
}

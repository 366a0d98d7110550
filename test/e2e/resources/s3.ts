import {
  type BucketVersioningStatus,
  type Event,
  type ExpirationStatus,
  type LifecycleRule,
  type ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryption,
  type TransitionStorageClass,
} from "@aws-sdk/client-s3";
import { makeBucket } from "../../terraform/lake.js";
import type { Declaration } from "../declaration.js";
import type { Creator } from "./creator.js";

export const bucket: Creator = async (declaration, { client }) => {
  declaration.passOver("force_destroy", "it matters on deletion only");
  const name = declaration.string("bucket");
  await makeBucket(new S3Client(client), name, client.region);
  return { id: name, arn: `arn:aws:s3:::${name}`, region: client.region };
};

export const bucketPolicy: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  await new S3Client(client).send(
    new PutBucketPolicyCommand({ Bucket, Policy: declaration.string("policy") }),
  );
  return { id: Bucket };
};

export const publicAccessBlock: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  await new S3Client(client).send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: declaration.optionalBoolean("block_public_acls"),
        BlockPublicPolicy: declaration.optionalBoolean("block_public_policy"),
        IgnorePublicAcls: declaration.optionalBoolean("ignore_public_acls"),
        RestrictPublicBuckets: declaration.optionalBoolean("restrict_public_buckets"),
      },
    }),
  );
  return { id: Bucket };
};

export const ownershipControls: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  const ObjectOwnership = declaration.block("rule").string("object_ownership") as ObjectOwnership;
  await new S3Client(client).send(
    new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
  );
  return { id: Bucket };
};

export const versioning: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  const Status = declaration.block("versioning_configuration").string("status") as BucketVersioningStatus;
  await new S3Client(client).send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }),
  );
  return { id: Bucket };
};

export const encryption: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  const rule = declaration.block("rule");
  const byDefault = rule.block("apply_server_side_encryption_by_default");
  await new S3Client(client).send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            BucketKeyEnabled: rule.optionalBoolean("bucket_key_enabled"),
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: byDefault.string("sse_algorithm") as ServerSideEncryption,
              KMSMasterKeyID: byDefault.optionalString("kms_master_key_id"),
            },
          },
        ],
      },
    }),
  );
  return { id: Bucket };
};

export const lifecycle: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  await new S3Client(client).send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules: declaration.blocks("rule").map(lifecycleRule) },
    }),
  );
  return { id: Bucket };
};

export const notification: Creator = async (declaration, { client }) => {
  const Bucket = declaration.string("bucket");
  await new S3Client(client).send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        TopicConfigurations: declaration
          .blocks("topic")
          .map((entry) => ({ TopicArn: entry.string("topic_arn"), ...notificationEntry(entry) })),
        QueueConfigurations: declaration
          .blocks("queue")
          .map((entry) => ({ QueueArn: entry.string("queue_arn"), ...notificationEntry(entry) })),
        LambdaFunctionConfigurations: declaration.blocks("lambda_function").map((entry) => ({
          LambdaFunctionArn: entry.string("lambda_function_arn"),
          ...notificationEntry(entry),
        })),
        ...(declaration.optionalBoolean("eventbridge") ? { EventBridgeConfiguration: {} } : {}),
      },
    }),
  );
  return { id: Bucket };
};

function notificationEntry(entry: Declaration) {
  const rules = [
    { Name: "prefix", Value: entry.optionalString("filter_prefix") },
    { Name: "suffix", Value: entry.optionalString("filter_suffix") },
  ] as const;
  return {
    Id: entry.string("id"),
    Events: (entry.optionalStrings("events") ?? []) as Event[],
    Filter: { Key: { FilterRules: rules.filter(({ Value }) => Value !== undefined) } },
  };
}

function lifecycleRule(rule: Declaration): LifecycleRule {
  const expiration = rule.optionalBlock("expiration");
  const noncurrent = rule.optionalBlock("noncurrent_version_expiration");
  const incomplete = rule.optionalBlock("abort_incomplete_multipart_upload");
  return {
    ID: rule.string("id"),
    Status: rule.string("status") as ExpirationStatus,
    Filter: { Prefix: rule.optionalBlock("filter")?.optionalString("prefix") ?? "" },
    Transitions: rule.blocks("transition").map((transition) => ({
      Days: transition.optionalNumber("days"),
      StorageClass: transition.string("storage_class") as TransitionStorageClass,
    })),
    ...(expiration && { Expiration: { Days: expiration.optionalNumber("days") } }),
    ...(noncurrent && {
      NoncurrentVersionExpiration: { NoncurrentDays: noncurrent.optionalNumber("noncurrent_days") },
    }),
    ...(incomplete && {
      AbortIncompleteMultipartUpload: {
        DaysAfterInitiation: incomplete.optionalNumber("days_after_initiation"),
      },
    }),
  };
}

import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { dataLifecycle } from "../retain.js";
import { enforce, enforceEach, enforceSome, refuse } from "../rule.js";
import { ACCOUNT_ID, BUCKET_NAME, KEY_ARN, PARTITION } from "../rules.js";
import { bucketArn } from "./arn.js";
import { logRoot } from "./log-root.js";
import { DAYS, KEY_PREFIX, ORGANIZATION_ID, TRAIL_ARN } from "./rules.js";

export interface LogBucketProps {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Trails that may write here. ARNs composed from names: see `trailArn()`. */
  readonly trailArns: readonly string[];
  /** Accounts that own those trails (an organization trail: the management account), 12 digits each. */
  readonly trailAccountIds: readonly string[];
  /**
   * Organization whose trail writes here, `o-...`.
   *
   * @default - no organization trail may write
   */
  readonly organizationId?: string | undefined;
  /**
   * Prefix of all log keys, without slashes at its ends: `<keyPrefix>/AWSLogs/...`. The trail needs the same.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /** Key that encrypts what arrives. */
  readonly kmsKeyArn: string;
  /**
   * Age at which logs move to S3 Glacier Flexible Retrieval, in days. S3 leaves objects under 128 KB where
   * they are.
   *
   * @default 90
   */
  readonly transitionToGlacierAfterDays?: number | undefined;
  /**
   * Age at which logs expire, in days.
   *
   * @default 365
   */
  readonly expireAfterDays?: number | undefined;
  /**
   * Days for which an overwritten or deleted log can still be recovered.
   *
   * @default 30
   */
  readonly noncurrentExpireAfterDays?: number | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the bucket; with `false` it also deletes the logs in it.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

const TRANSITION_TO_GLACIER_AFTER_DAYS = 90;
const EXPIRE_AFTER_DAYS = 365;
const NONCURRENT_EXPIRE_AFTER_DAYS = 30;

/**
 * The one bucket that CloudTrail writes to and Vectra reads from: closed to the public, owner-enforced,
 * versioned, encrypted with a customer key, TLS only, with a lifecycle.
 *
 * @throws Error for a name, ARN, account or number that AWS would refuse, and for a lifecycle that expires
 * logs before they move.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export class LogBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Region that the bucket lies in, as AWS reports it. */
  readonly region: string;
  /** A trail in the same stack depends on it: CloudTrail tries to write when the trail is made. */
  readonly policy: S3BucketPolicy;
  protected readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    this.check(props);

    this.bucket = this.createBucket(props);
    this.bucketName = this.bucket.bucket;
    this.bucketArn = this.bucket.arn;
    this.region = this.bucket.bucketRegion;

    const publicAccessBlock = this.createPublicAccessBlock();
    this.createOwnershipControls();
    const versioning = this.createVersioning();
    this.createEncryption(props);
    this.createLifecycle(props, versioning);
    this.policy = this.createPolicy(props, publicAccessBlock);
  }

  protected createBucket(props: LogBucketProps): S3Bucket {
    return addressed(
      new S3Bucket(this, "bucket", {
        bucket: props.bucketName,
        forceDestroy: props.retain === false,
        ...dataLifecycle(props.retain),
      }),
    );
  }

  protected createPublicAccessBlock(): S3BucketPublicAccessBlock {
    return addressed(
      new S3BucketPublicAccessBlock(this, "public-access-block", {
        bucket: this.bucketName,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    );
  }

  protected createOwnershipControls(): S3BucketOwnershipControls {
    return addressed(
      new S3BucketOwnershipControls(this, "ownership-controls", {
        bucket: this.bucketName,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      }),
    );
  }

  protected createVersioning(): S3BucketVersioningA {
    return addressed(
      new S3BucketVersioningA(this, "versioning", {
        bucket: this.bucketName,
        versioningConfiguration: { status: "Enabled" },
      }),
    );
  }

  protected createEncryption(props: LogBucketProps): S3BucketServerSideEncryptionConfigurationA {
    return addressed(
      new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
        bucket: this.bucketName,
        rule: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: props.kmsKeyArn },
            bucketKeyEnabled: true,
          },
        ],
      }),
    );
  }

  protected createLifecycle(
    props: LogBucketProps,
    versioning: S3BucketVersioningA,
  ): S3BucketLifecycleConfiguration {
    return addressed(
      new S3BucketLifecycleConfiguration(this, "lifecycle", {
        bucket: this.bucketName,
        rule: [
          {
            id: "logs",
            status: "Enabled",
            // An empty filter means the whole bucket; without one the provider falls back to the deprecated form.
            filter: [{}],
            transition: [
              {
                days: props.transitionToGlacierAfterDays ?? TRANSITION_TO_GLACIER_AFTER_DAYS,
                storageClass: "GLACIER",
              },
            ],
            expiration: [{ days: props.expireAfterDays ?? EXPIRE_AFTER_DAYS }],
            noncurrentVersionExpiration: [
              { noncurrentDays: props.noncurrentExpireAfterDays ?? NONCURRENT_EXPIRE_AFTER_DAYS },
            ],
            abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          },
        ],
        // Rules on noncurrent versions ask for a versioned bucket.
        dependsOn: [versioning],
      }),
    );
  }

  protected createPolicy(
    props: LogBucketProps,
    publicAccessBlock: S3BucketPublicAccessBlock,
  ): S3BucketPolicy {
    return addressed(
      new S3BucketPolicy(this, "policy", {
        bucket: this.bucketName,
        policy: policyDocument(logBucketStatements(props)),
        // S3 refuses two changes of one bucket's policy settings at the same time.
        dependsOn: [publicAccessBlock],
      }),
    );
  }

  private check(props: LogBucketProps): void {
    enforce(this, "bucketName", props.bucketName, BUCKET_NAME);
    enforceEach(this, "trailArns", props.trailArns, TRAIL_ARN);
    enforceEach(this, "trailAccountIds", props.trailAccountIds, ACCOUNT_ID);
    enforce(this, "organizationId", props.organizationId, ORGANIZATION_ID);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "transitionToGlacierAfterDays", props.transitionToGlacierAfterDays, DAYS);
    enforce(this, "expireAfterDays", props.expireAfterDays, DAYS);
    enforce(this, "noncurrentExpireAfterDays", props.noncurrentExpireAfterDays, DAYS);
    enforce(this, "partition", props.partition, PARTITION);
    enforceSome(this, "trailArns", props.trailArns, "Name the trails that may write.");
    enforceSome(this, "trailAccountIds", props.trailAccountIds, "Name the accounts that own the trails.");

    const expire = props.expireAfterDays ?? EXPIRE_AFTER_DAYS;
    const transition = props.transitionToGlacierAfterDays ?? TRANSITION_TO_GLACIER_AFTER_DAYS;
    if (!Token.isUnresolved(expire) && !Token.isUnresolved(transition) && expire <= transition) {
      refuse(
        this,
        "expireAfterDays",
        String(expire),
        `must be more than transitionToGlacierAfterDays (${transition})`,
        "Keep logs longer, or move them earlier.",
      );
    }
  }
}

function logBucketStatements(props: LogBucketProps): PolicyStatement[] {
  const bucket = bucketArn({ partition: props.partition ?? "aws", bucketName: props.bucketName });
  const logs = `${bucket}/${logRoot(props.keyPrefix)}`;
  return [
    denyInsecureTransport(bucket),
    cloudTrailReadsAcl(bucket, props.trailArns),
    cloudTrailWritesAccountLogs(logs, props.trailAccountIds, props.trailArns),
    ...(props.organizationId === undefined
      ? []
      : [cloudTrailWritesOrganizationLogs(logs, props.organizationId, props.trailArns)]),
  ];
}

function denyInsecureTransport(bucket: string): PolicyStatement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket, `${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function cloudTrailReadsAcl(bucket: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailReadsAcl",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:GetBucketAcl",
    Resource: bucket,
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

/** Needed by organization trails too: CloudTrail falls back to this path, and checks it when the trail is made. */
function cloudTrailWritesAccountLogs(
  logs: string,
  accountIds: readonly string[],
  trailArns: readonly string[],
): PolicyStatement {
  return {
    Sid: "CloudTrailWritesAccountLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: accountIds.map((accountId) => `${logs}/${accountId}/*`),
    Condition: {
      StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArns },
    },
  };
}

function cloudTrailWritesOrganizationLogs(
  logs: string,
  organizationId: string,
  trailArns: readonly string[],
): PolicyStatement {
  return {
    Sid: "CloudTrailWritesOrganizationLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${logs}/${organizationId}/*`,
    Condition: {
      StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArns },
    },
  };
}

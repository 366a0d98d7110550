import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import type { Construct } from "constructs";
import { bucketArn } from "../../facts/arn.js";
import { LOG_BUCKET_OPTIONS } from "../../facts/options/log-bucket.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { addressBelow, addressed } from "../address.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize, firstThatFits } from "../iam/policy-limit.js";
import { dataLifecycle } from "../retain.js";
import { ExistingLogBucket, type LogBucketAttributes } from "./existing-log-bucket.js";
import { type ComposedBucket, type ILogBucket, LogBucketBase } from "./log-bucket-base.js";
import { enforceLogBucketProps } from "./log-bucket-checks.js";
import { BUCKET_POLICY_LIMIT, denyInsecureTransport } from "./log-bucket-policy.js";
import type { AccessLogs, LogBucketProps, ObjectLock } from "./log-bucket-props.js";

/**
 * The one bucket that CloudTrail writes to and Vectra reads from: closed to the public, owner-enforced,
 * versioned, encrypted with a customer key, TLS only, with a lifecycle.
 *
 * @throws PropError for a name, ARN, account or number that AWS would refuse, for a lifecycle that expires logs
 * before they move, for a lock on a bucket that could then never be destroyed, for a key of another region, and for a policy
 * over 20 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export class LogBucket extends LogBucketBase {
  /**
   * An existing log bucket.
   *
   * @throws PropError for a name, region or prefix that AWS would refuse, and for a policy that is to be owned
   * without its current statements.
   */
  static fromLogBucketAttributes(scope: Construct, id: string, attributes: LogBucketAttributes): ILogBucket {
    return new ExistingLogBucket(scope, id, attributes);
  }

  /**
   * Terraform addresses of everything that a new bucket may consist of, but for {@link policyAddress}: for a `removed` block
   * in a stack where an existing bucket has taken its place.
   *
   * @param id of the bucket in its stack.
   */
  static createdAddresses(id: string): string[] {
    return [
      addressBelow(id, S3Bucket, "bucket"),
      addressBelow(id, S3BucketLifecycleConfiguration, "lifecycle"),
      addressBelow(id, S3BucketLoggingA, "access-logs"),
      addressBelow(id, S3BucketObjectLockConfigurationA, "object-lock"),
      addressBelow(id, S3BucketOwnershipControls, "ownership-controls"),
      addressBelow(id, S3BucketPublicAccessBlock, "public-access-block"),
      addressBelow(id, S3BucketServerSideEncryptionConfigurationA, "encryption"),
      addressBelow(id, S3BucketVersioningA, "versioning"),
    ];
  }

  /** Terraform address of the policy of a bucket, created or existing, with this id in its stack. */
  static policyAddress(id: string): string {
    return addressBelow(id, S3BucketPolicy, "policy");
  }

  readonly bucketName: string;
  readonly bucketArn: string;
  readonly accountId: string;
  /** Region of the bucket, as AWS reports it. */
  readonly region: string;
  readonly composed: ComposedBucket;
  readonly keyPrefix: string | undefined;
  readonly created = true;
  /** A trail in the same stack depends on it: CloudTrail tries to write when the trail is created. */
  readonly policy: S3BucketPolicy;
  /** Nothing: the policy of a created bucket is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    enforceLogBucketProps(this, props);

    const partition = props.partition ?? DEFAULT_PARTITION;
    this.keyPrefix = props.keyPrefix;
    const { bucketName } = props;
    this.composed = { partition, bucketName, bucketArn: bucketArn({ partition, bucketName }) };
    this.accountId = props.accountId;
    this.bucket = this.createBucket(props);
    this.bucketName = this.bucket.bucket;
    this.bucketArn = this.bucket.arn;
    this.region = this.bucket.bucketRegion;

    const publicAccessBlock = this.createPublicAccessBlock();
    this.createOwnershipControls();
    const versioning = this.createVersioning();
    this.createEncryption(props);
    this.createLifecycle(props, versioning);
    if (props.objectLock !== undefined) {
      this.createObjectLock(props.objectLock, versioning);
    }
    if (props.accessLogs !== undefined) {
      this.createAccessLogs(props.accessLogs);
    }
    this.policy = this.createPolicy(policyDocument(this.wholePolicy([])), publicAccessBlock);
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
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: props.key.keyArnFor(this, props.accountId),
            },
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
                days:
                  props.transitionToGlacierAfterDays ??
                  LOG_BUCKET_OPTIONS.transitionToGlacierAfterDays.default,
                storageClass: "GLACIER",
              },
            ],
            expiration: [{ days: props.expireAfterDays ?? LOG_BUCKET_OPTIONS.expireAfterDays.default }],
            noncurrentVersionExpiration: [
              {
                noncurrentDays:
                  props.noncurrentExpireAfterDays ?? LOG_BUCKET_OPTIONS.noncurrentExpireAfterDays.default,
              },
            ],
            abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          },
        ],
        // Rules on noncurrent versions ask for a versioned bucket.
        dependsOn: [versioning],
      }),
    );
  }

  /** Set up beside the bucket and not in it, where it could only be chosen when the bucket is created. */
  protected createObjectLock(
    objectLock: ObjectLock,
    versioning: S3BucketVersioningA,
  ): S3BucketObjectLockConfigurationA {
    return addressed(
      new S3BucketObjectLockConfigurationA(this, "object-lock", {
        bucket: this.bucketName,
        rule: { defaultRetention: { mode: objectLock.mode, days: objectLock.days } },
        dependsOn: [versioning],
      }),
    );
  }

  protected createAccessLogs(accessLogs: AccessLogs): S3BucketLoggingA {
    return addressed(
      new S3BucketLoggingA(this, "access-logs", {
        bucket: this.bucketName,
        targetBucket: accessLogs.bucketName,
        targetPrefix: accessLogs.prefix ?? "",
      }),
    );
  }

  protected createPolicy(document: string, publicAccessBlock: S3BucketPublicAccessBlock): S3BucketPolicy {
    return addressed(
      new S3BucketPolicy(this, "policy", {
        bucket: this.bucketName,
        policy: document,
        // S3 refuses two changes of one bucket's policy settings at the same time.
        dependsOn: [publicAccessBlock],
      }),
    );
  }

  protected applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[] {
    const granted = firstThatFits(forms, BUCKET_POLICY_LIMIT, (form) => this.wholePolicy(form));
    const whole = this.wholePolicy(granted);
    enforcePolicySize(this, whole, BUCKET_POLICY_LIMIT);
    this.policy.policy = policyDocument(whole);
    return granted;
  }

  private wholePolicy(granted: readonly PolicyStatement[]): PolicyStatement[] {
    return [denyInsecureTransport(this.composed.bucketArn), ...granted];
  }
}

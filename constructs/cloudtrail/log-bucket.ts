import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { addressed } from "../address.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize, firstThatFits } from "../iam/policy-limit.js";
import { dataLifecycle } from "../retain.js";
import { enforce, enforceRegion, refuse } from "../rule.js";
import { BUCKET_NAME, KEY_ARN, PARTITION, REGION } from "../rules.js";
import { bucketArn } from "./arn.js";
import { ExistingLogBucket, type LogBucketAttributes } from "./existing-log-bucket.js";
import { type ILogBucket, LogBucketBase } from "./log-bucket-base.js";
import { BUCKET_POLICY_LIMIT, denyInsecureTransport } from "./log-bucket-policy.js";
import { DAYS, KEY_PREFIX, LOCK_DAYS } from "./rules.js";

export interface LogBucketProps {
  /** Name of the bucket. */
  readonly bucketName: string;
  /**
   * Trails that may write here. ARNs composed from names: see `trailArn()`.
   *
   * @default - those that `grantWrite()` is called for
   */
  readonly trailArns?: readonly string[] | undefined;
  /**
   * Accounts that own those trails (an organization trail: the management account), 12 digits each.
   *
   * @default - those that `grantWrite()` is called for
   */
  readonly trailAccountIds?: readonly string[] | undefined;
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
  /**
   * Keeps every log from being overwritten or deleted for some days, by anybody.
   *
   * @default - no object lock
   */
  readonly objectLock?: ObjectLock | undefined;
  /**
   * Records who reads the bucket, in another one.
   *
   * @default - no access logs
   */
  readonly accessLogs?: AccessLogs | undefined;
  /**
   * Region that the bucket will lie in. It is the provider's in any case; given here, a key of another region
   * is refused before Terraform runs.
   *
   * @default - not checked
   */
  readonly region?: string | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the bucket; with `false` it also deletes the logs in it.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/** Protection of logs from everybody, for a time. */
export interface ObjectLock {
  /** `GOVERNANCE` can be lifted with a permission of its own, `COMPLIANCE` by nobody, not even by AWS. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days for which each log is locked from its arrival, 1 to 36500. */
  readonly days: number;
}

/** Where S3 writes down who used the bucket. */
export interface AccessLogs {
  /** Another bucket in the same account and region, which lets `logging.s3.amazonaws.com` write. */
  readonly bucketName: string;
  /**
   * Beginning of the access logs' keys.
   *
   * @default - none
   */
  readonly prefix?: string | undefined;
}

const TRANSITION_TO_GLACIER_AFTER_DAYS = 90;
const EXPIRE_AFTER_DAYS = 365;
const NONCURRENT_EXPIRE_AFTER_DAYS = 30;

/**
 * The one bucket that CloudTrail writes to and Vectra reads from: closed to the public, owner-enforced,
 * versioned, encrypted with a customer key, TLS only, with a lifecycle.
 *
 * @throws Error for a name, ARN, account or number that AWS would refuse, for a lifecycle that expires logs
 * before they move, for a lock that could never be let go, for a key of another region, and for a policy
 * over 20 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export class LogBucket extends LogBucketBase {
  /**
   * A log bucket that is already there.
   *
   * @throws Error for a name, region or prefix that AWS would refuse, and for a policy that is to be owned
   * without its current statements.
   */
  static fromLogBucketAttributes(scope: Construct, id: string, attributes: LogBucketAttributes): ILogBucket {
    return new ExistingLogBucket(scope, id, attributes);
  }

  readonly bucketName: string;
  readonly bucketArn: string;
  /** Region that the bucket lies in, as AWS reports it. */
  readonly region: string;
  readonly keyPrefix: string | undefined;
  readonly created = true;
  /** A trail in the same stack depends on it: CloudTrail tries to write when the trail is made. */
  readonly policy: S3BucketPolicy;
  /** Nothing: the policy of a created bucket is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly bucket: S3Bucket;
  protected readonly place: { partition: string; bucketArn: string; keyPrefix: string | undefined };

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    this.check(props);

    const partition = props.partition ?? "aws";
    this.keyPrefix = props.keyPrefix;
    this.place = {
      partition,
      bucketArn: bucketArn({ partition, bucketName: props.bucketName }),
      keyPrefix: props.keyPrefix,
    };
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
    const { trailArns, trailAccountIds, organizationId } = props;
    if (trailArns !== undefined || trailAccountIds !== undefined || organizationId !== undefined) {
      this.grantWrite({
        trailArns: trailArns ?? [],
        trailAccountIds: trailAccountIds ?? [],
        organizationId,
      });
    }
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

  /** Set up beside the bucket and not in it, where it could only be chosen when the bucket is made. */
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
    return [denyInsecureTransport(this.place.bucketArn), ...granted];
  }

  private check(props: LogBucketProps): void {
    enforce(this, "bucketName", props.bucketName, BUCKET_NAME);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "transitionToGlacierAfterDays", props.transitionToGlacierAfterDays, DAYS);
    enforce(this, "expireAfterDays", props.expireAfterDays, DAYS);
    enforce(this, "noncurrentExpireAfterDays", props.noncurrentExpireAfterDays, DAYS);
    enforce(this, "partition", props.partition, PARTITION);
    enforce(this, "region", props.region, REGION);
    enforceRegion(
      this,
      "kmsKeyArn",
      props.kmsKeyArn,
      props.region,
      "S3 encrypts with keys of the bucket's own region",
    );
    enforce(this, "objectLock.days", props.objectLock?.days, LOCK_DAYS);
    enforce(this, "accessLogs.bucketName", props.accessLogs?.bucketName, BUCKET_NAME);
    this.checkLifecycle(props);
    this.checkObjectLock(props);
    this.checkAccessLogs(props);
  }

  private checkLifecycle(props: LogBucketProps): void {
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

  private checkObjectLock({ objectLock, retain }: LogBucketProps): void {
    if (objectLock?.mode === "COMPLIANCE" && retain === false) {
      refuse(
        this,
        "objectLock.mode",
        '"COMPLIANCE"',
        "and retain is false: a bucket with logs that nobody can delete cannot be let go",
        'Leave retain out, or choose "GOVERNANCE".',
      );
    }
  }

  private checkAccessLogs({ accessLogs, bucketName }: LogBucketProps): void {
    if (accessLogs !== undefined && accessLogs.bucketName === bucketName) {
      refuse(
        this,
        "accessLogs.bucketName",
        JSON.stringify(bucketName),
        "is the log bucket itself, where each access log would be one more access",
        "Name another bucket of the account.",
      );
    }
  }
}

import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { bucketArn } from "../../facts/arn.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { addressed } from "../address.js";
import { enforce } from "../expectation.js";
import { ACCOUNT_ID, BUCKET_NAME, PARTITION, REGION } from "../expectations.js";
import { AdoptedPolicy, type ExistingPolicy } from "../iam/existing-policy.js";
import type { PolicyStatement } from "../iam/policy.js";
import { firstThatFits } from "../iam/policy-limit.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { KEY_PREFIX } from "./expectations.js";
import { type ComposedBucket, LogBucketBase } from "./log-bucket-base.js";
import { BUCKET_POLICY_LIMIT } from "./log-bucket-policy.js";

/** An existing log bucket. */
export interface LogBucketAttributes {
  readonly bucketName: string;
  /** Account that owns the bucket, 12 digits. */
  readonly accountId: string;
  /** Region of the bucket. */
  readonly region: string;
  /**
   * Prefix of all log keys, without slashes at its ends.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * What happens to the bucket's policy.
   *
   * @default - the policy is not changed, and `statementsToAdd` is what its owner has to add
   */
  readonly policy?: ExistingPolicy | undefined;
}

/** An existing log bucket; `LogBucket.fromLogBucketAttributes()` returns it. */
export class ExistingLogBucket extends LogBucketBase {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly composed: ComposedBucket;
  readonly keyPrefix: string | undefined;
  readonly created = false;
  readonly #policy: AdoptedPolicy;

  constructor(scope: Construct, id: string, attributes: LogBucketAttributes) {
    super(scope, id);
    enforceKnownStructure(this, attributes);
    enforceRequired(this, attributes, { region: true, bucketName: true, accountId: true });
    enforce(this, "bucketName", attributes.bucketName, BUCKET_NAME);
    enforce(this, "accountId", attributes.accountId, ACCOUNT_ID);
    enforce(this, "region", attributes.region, REGION);
    enforce(this, "keyPrefix", attributes.keyPrefix, KEY_PREFIX);
    enforce(this, "partition", attributes.partition, PARTITION);

    const partition = attributes.partition ?? DEFAULT_PARTITION;
    this.bucketName = attributes.bucketName;
    this.bucketArn = bucketArn({ partition, bucketName: attributes.bucketName });
    this.accountId = attributes.accountId;
    this.region = attributes.region;
    this.composed = { partition, bucketName: this.bucketName, bucketArn: this.bucketArn };
    this.keyPrefix = attributes.keyPrefix;
    this.#policy = new AdoptedPolicy(this, {
      settings: attributes.policy,
      limit: BUCKET_POLICY_LIMIT,
      own: (document) => this.createPolicy(document),
    });
  }

  get policy(): ITerraformDependable | undefined {
    return this.#policy.resource;
  }

  get statementsToAdd(): readonly PolicyStatement[] {
    return this.#policy.statementsToAdd;
  }

  protected createPolicy(document: string): S3BucketPolicy {
    const policy = addressed(
      new S3BucketPolicy(this, "policy", { bucket: this.bucketName, policy: document, ...dataLifecycle() }),
    );
    policy.importFrom(this.bucketName);
    return policy;
  }

  protected applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[] {
    const needed = firstThatFits(forms, BUCKET_POLICY_LIMIT, (form) => this.#policy.withNeeded(form));
    this.#policy.need(needed);
    return needed;
  }
}

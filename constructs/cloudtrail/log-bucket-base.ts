import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { enforce, enforceEach, enforceSome, refuse } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { PolicyGrants } from "../iam/policy-grants.js";
import { ORGANIZATION_ID, TRAIL_ARN } from "./expectations.js";
import { type LogReaders, type LogWriters, withWriters } from "./log-access.js";
import { type LogBucketAccess, logBucketStatements } from "./log-bucket-policy.js";
import { enforceRolesOf } from "./readers.js";

/** A bucket that holds logs, created by this program or existing. */
export interface ILogBucket extends IConstruct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Account that owns the bucket. */
  readonly accountId: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Name and ARN as text, without a reference: for policies that would make a cycle, and for other stacks. */
  readonly composed: ComposedBucket;
  /** Prefix of all log keys, without slashes at its ends; without one logs begin at `AWSLogs/`. */
  readonly keyPrefix: string | undefined;
  /** Whether the bucket is created by this program; an existing one may hold what its owner put into it. */
  readonly created: boolean;
  /** What a trail in the same stack depends on, when the policy is this stack's. */
  readonly policy: ITerraformDependable | undefined;
  /** What the owner of an existing bucket has to add to its policy. */
  readonly statementsToAdd: readonly PolicyStatement[];
  /**
   * Lets trails deliver. `Trail` calls it for itself.
   *
   * @returns the statements that the policy needs for it and did not need before.
   * @throws PropError for a value that AWS would refuse, for a token of another stack, and for a policy that cannot take them.
   */
  grantWrite(writers: LogWriters): readonly PolicyStatement[];
  /**
   * Lets roles of other accounts read everything below the log prefix, and list the bucket. Roles of the bucket's own
   * account need no bucket policy; those of others need the same rights in their own policies, too.
   *
   * @returns the statements that the policy needs for it and did not need before.
   * @throws PropError for a value that AWS would refuse, for a token of another stack, and for a policy that cannot take them.
   */
  grantRead(readers: LogReaders): readonly PolicyStatement[];
}

/** A bucket by its name. */
export interface ComposedBucket {
  readonly partition: string;
  readonly bucketName: string;
  readonly bucketArn: string;
}

/** What created and existing log buckets share: their grants. */
export abstract class LogBucketBase extends Construct implements ILogBucket {
  abstract readonly bucketName: string;
  abstract readonly bucketArn: string;
  abstract readonly accountId: string;
  abstract readonly region: string;
  abstract readonly composed: ComposedBucket;
  abstract readonly keyPrefix: string | undefined;
  abstract readonly created: boolean;
  abstract readonly policy: ITerraformDependable | undefined;
  abstract readonly statementsToAdd: readonly PolicyStatement[];
  readonly #grants = new PolicyGrants<Pick<LogBucketAccess, "writers" | "readers">>(
    this,
    { writers: undefined, readers: [] },
    (granted) =>
      this.applyGrants(logBucketStatements({ ...this.composed, keyPrefix: this.keyPrefix, ...granted })),
  );

  grantWrite(writers: LogWriters): readonly PolicyStatement[] {
    enforceEach(this, "trailArns", writers.trailArns, TRAIL_ARN);
    enforceEach(this, "trailAccountIds", writers.trailAccountIds, ACCOUNT_ID);
    enforce(this, "organizationId", writers.organizationId, ORGANIZATION_ID);
    enforceSome(this, "trailArns", writers.trailArns, "Name the trails that may write.");
    enforceSome(this, "trailAccountIds", writers.trailAccountIds, "Name the accounts that own the trails.");
    const earlier = this.#grants.granted.writers;
    const known = earlier?.organizationId;
    if (known !== undefined && writers.organizationId !== undefined && known !== writers.organizationId) {
      refuse(
        this,
        "organizationId",
        JSON.stringify(writers.organizationId),
        `must be ${JSON.stringify(known)}, the organization that may already write`,
        "Give each organization its own bucket.",
      );
    }
    return this.#grants.grant({ ...writers }, { writers: withWriters(earlier, writers) });
  }

  grantRead(readers: LogReaders): readonly PolicyStatement[] {
    enforce(this, "accountId", readers.accountId, ACCOUNT_ID);
    enforceRolesOf(this, readers.accountId, "roleArns", readers.roleArns, "Name the roles that may read.");
    return this.#grants.grant({ ...readers }, { readers: [...this.#grants.granted.readers, readers] });
  }

  /**
   * Puts grants into the policy.
   *
   * @param forms ways to say them, the narrowest first.
   * @returns the one that was put.
   */
  protected abstract applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[];
}

import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { PolicyGrants } from "../iam/policy-grants.js";
import { TOPIC_ARN, TRAIL_ARN } from "./expectations.js";
import {
  type LogReaders,
  type LogWriters,
  NO_PUBLISHERS,
  type NotificationPublisher,
  union,
  withPublisher,
  withWriters,
} from "./log-access.js";
import { type LogKeyAccess, logKeyStatements } from "./log-key-policy.js";
import { enforcePublisher, publisherProps } from "./publisher.js";
import { enforceRolesOf } from "./readers.js";

/**
 * A key that encrypts logs and notifications, created by this program or existing. Each grant returns the statements
 * that the key's policy needs for it and did not need before, and throws PropError for a value that AWS would refuse,
 * for a token of another stack, and for a policy that cannot take them.
 */
export interface ILogKey extends IConstruct {
  readonly keyArn: string;
  /** Region of the key, as far as it is known. */
  readonly region: string | undefined;
  /** What depends on the key's policy depends on this, when the policy is this stack's. */
  readonly policy: ITerraformDependable | undefined;
  /** What the owner of an existing key has to add to its policy. */
  readonly statementsToAdd: readonly PolicyStatement[];
  /**
   * The key's ARN for a construct of any stack. A key's ARN holds an id that AWS chooses, so another stack looks a
   * created key up by its alias, for which its account is granted `kms:DescribeKey`.
   *
   * @param user construct that uses the key.
   * @param accountId account of that construct's stack.
   */
  keyArnFor(user: IConstruct, accountId: string): string;
  /** Lets CloudTrail encrypt the logs of these trails. `Trail` calls it for itself. */
  grantEncrypt(writers: LogWriters): readonly PolicyStatement[];
  /**
   * Lets a publisher send to a topic that is encrypted with the key. The topic's `grantPublish()` calls it.
   *
   * @param topicArn composed of names, because a reference to a topic that refers to the key would make a cycle.
   */
  grantPublish(publisher: NotificationPublisher, topicArn: string): readonly PolicyStatement[];
  /** Lets roles decrypt logs. `VectraRole` calls it for itself. */
  grantDecrypt(readers: LogReaders): readonly PolicyStatement[];
  /** Lets other accounts look the key up by its alias, and nothing more. */
  grantDescribe(accountIds: readonly string[]): readonly PolicyStatement[];
}

/** What created and existing log keys share: their grants. */
export abstract class LogKeyBase extends Construct implements ILogKey {
  abstract readonly keyArn: string;
  abstract readonly region: string | undefined;
  abstract readonly policy: ITerraformDependable | undefined;
  abstract readonly statementsToAdd: readonly PolicyStatement[];
  protected abstract readonly partition: string;
  readonly #grants = new PolicyGrants<Omit<LogKeyAccess, "partition">>(
    this,
    { writers: undefined, publishers: NO_PUBLISHERS, topicArns: [], readers: [], describeAccountIds: [] },
    (granted) => this.applyGrants(logKeyStatements({ partition: this.partition, ...granted })),
  );

  abstract keyArnFor(user: IConstruct, accountId: string): string;

  grantEncrypt(writers: LogWriters): readonly PolicyStatement[] {
    enforceEach(this, "trailArns", writers.trailArns, TRAIL_ARN);
    enforceEach(this, "trailAccountIds", writers.trailAccountIds, ACCOUNT_ID);
    enforceSome(this, "trailArns", writers.trailArns, "Name the trails that encrypt with the key.");
    enforceSome(this, "trailAccountIds", writers.trailAccountIds, "Name the accounts that own the trails.");
    return this.#grants.grant(
      { ...writers },
      { writers: withWriters(this.#grants.granted.writers, writers) },
    );
  }

  grantPublish(publisher: NotificationPublisher, topicArn: string): readonly PolicyStatement[] {
    enforcePublisher(this, publisher);
    enforce(this, "topicArn", topicArn, TOPIC_ARN);
    const { publishers, topicArns } = this.#grants.granted;
    return this.#grants.grant(
      { ...publisherProps(publisher), topicArn },
      { publishers: withPublisher(publishers, publisher), topicArns: union(topicArns, [topicArn]) },
    );
  }

  grantDecrypt(readers: LogReaders): readonly PolicyStatement[] {
    enforce(this, "accountId", readers.accountId, ACCOUNT_ID);
    enforceRolesOf(
      this,
      readers.accountId,
      "readerRoleArns",
      readers.roleArns,
      "Name the roles that may decrypt.",
    );
    return this.#grants.grant({ ...readers }, { readers: [...this.#grants.granted.readers, readers] });
  }

  grantDescribe(accountIds: readonly string[]): readonly PolicyStatement[] {
    enforceEach(this, "describeAccountIds", accountIds, ACCOUNT_ID);
    const describeAccountIds = union(this.#grants.granted.describeAccountIds, accountIds);
    return this.#grants.grant({ describeAccountIds: accountIds }, { describeAccountIds });
  }

  /**
   * Puts grants into the policy.
   *
   * @param forms ways to say them, the narrowest first.
   * @returns the one that was put.
   */
  protected abstract applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[];
}

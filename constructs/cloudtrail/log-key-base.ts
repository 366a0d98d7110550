import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import { type PolicyStatement, sameStatement } from "../iam/policy.js";
import { TOPIC_ARN, TRAIL_ARN } from "./expectations.js";
import {
  type LogReaders,
  type LogWriters,
  NO_PUBLISHERS,
  type NotificationPublisher,
  type NotificationPublishers,
  union,
  withPublisher,
  withWriters,
} from "./log-access.js";
import { logKeyStatements } from "./log-key-policy.js";
import { enforcePublisher } from "./publisher.js";
import { enforceRolesOf } from "./readers.js";

/**
 * A key that encrypts logs and notifications, made here or by somebody else. Each grant returns the statements
 * that the key's policy needs for it and did not need before, and throws for a value that AWS would refuse and
 * for a policy that cannot take them.
 */
export interface ILogKey extends IConstruct {
  readonly keyArn: string;
  /** What depends on the key's policy depends on this, when the policy is this stack's. */
  readonly policy: ITerraformDependable | undefined;
  /** What the owner of an existing key has to add to its policy. */
  readonly statementsToAdd: readonly PolicyStatement[];
  /** Lets CloudTrail encrypt the logs of these trails. */
  grantEncrypt(writers: LogWriters): readonly PolicyStatement[];
  /**
   * Lets a publisher send to a topic that is encrypted with the key.
   *
   * @param topicArn composed from names, see `topicArn()`: a reference to a topic that refers to the key would
   * make a cycle.
   */
  grantPublish(publisher: NotificationPublisher, topicArn: string): readonly PolicyStatement[];
  /** Lets roles decrypt logs. */
  grantDecrypt(readers: LogReaders): readonly PolicyStatement[];
  /** Lets other accounts look the key up by its alias, and nothing more. */
  grantDescribe(accountIds: readonly string[]): readonly PolicyStatement[];
}

/** What created and existing log keys share: their grants. */
export abstract class LogKeyBase extends Construct implements ILogKey {
  abstract readonly keyArn: string;
  abstract readonly policy: ITerraformDependable | undefined;
  abstract readonly statementsToAdd: readonly PolicyStatement[];
  protected abstract readonly partition: string;
  #writers: LogWriters | undefined;
  #publishers: NotificationPublishers = NO_PUBLISHERS;
  #topicArns: readonly string[] = [];
  #readers: readonly LogReaders[] = [];
  #describeAccountIds: readonly string[] = [];
  #granted: readonly PolicyStatement[] = [];

  grantEncrypt(writers: LogWriters): readonly PolicyStatement[] {
    enforceEach(this, "trailArns", writers.trailArns, TRAIL_ARN);
    enforceEach(this, "trailAccountIds", writers.trailAccountIds, ACCOUNT_ID);
    enforceSome(this, "trailArns", writers.trailArns, "Name the trails that encrypt with the key.");
    enforceSome(this, "trailAccountIds", writers.trailAccountIds, "Name the accounts that own the trails.");
    this.#writers = withWriters(this.#writers, writers);
    return this.#grant();
  }

  grantPublish(publisher: NotificationPublisher, topicArn: string): readonly PolicyStatement[] {
    enforcePublisher(this, publisher);
    enforce(this, "topicArn", topicArn, TOPIC_ARN);
    this.#publishers = withPublisher(this.#publishers, publisher);
    this.#topicArns = union(this.#topicArns, [topicArn]);
    return this.#grant();
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
    this.#readers = [...this.#readers, readers];
    return this.#grant();
  }

  grantDescribe(accountIds: readonly string[]): readonly PolicyStatement[] {
    enforceEach(this, "describeAccountIds", accountIds, ACCOUNT_ID);
    this.#describeAccountIds = union(this.#describeAccountIds, accountIds);
    return this.#grant();
  }

  /**
   * Puts grants into the policy.
   *
   * @param forms ways to say them, the narrowest first.
   * @returns the one that was put.
   */
  protected abstract applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[];

  #grant(): readonly PolicyStatement[] {
    const before = this.#granted;
    const forms = logKeyStatements({
      partition: this.partition,
      writers: this.#writers,
      publishers: this.#publishers,
      topicArns: this.#topicArns,
      readers: this.#readers,
      describeAccountIds: this.#describeAccountIds,
    });
    this.#granted = this.applyGrants(forms);
    return this.#granted.filter((statement) => !before.some((earlier) => sameStatement(earlier, statement)));
  }
}

import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy/index.js";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { regionOfArn } from "../../facts/arn.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { enforceKnownAcross } from "../across-stacks.js";
import { addressed } from "../address.js";
import { enforce, refuse } from "../expectation.js";
import { KEY_ARN, PARTITION } from "../expectations.js";
import { AdoptedPolicy, type ExistingPolicy } from "../iam/existing-policy.js";
import { keyPolicyCanBeChanged, LOCKED_KEY_POLICY } from "../iam/key-administration.js";
import type { PolicyStatement } from "../iam/policy.js";
import { firstThatFits } from "../iam/policy-limit.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { LogKeyBase } from "./log-key-base.js";
import { KEY_POLICY_LIMIT } from "./log-key-policy.js";

/** An existing key. */
export interface LogKeyAttributes {
  /** ARN of the key itself, not of an alias. */
  readonly keyArn: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * What happens to the key's policy.
   *
   * @default - the policy is not changed, and `statementsToAdd` is what its owner has to add
   */
  readonly policy?: ExistingPolicy | undefined;
}

/** An existing key; `LogKey.fromLogKeyAttributes()` returns it. */
export class ExistingLogKey extends LogKeyBase {
  readonly keyArn: string;
  readonly region: string | undefined;
  protected readonly partition: string;
  readonly #policy: AdoptedPolicy;

  constructor(scope: Construct, id: string, attributes: LogKeyAttributes) {
    super(scope, id);
    enforceKnownStructure(this, attributes);
    enforceRequired(this, attributes, { keyArn: true });
    enforce(this, "keyArn", attributes.keyArn, KEY_ARN);
    enforce(this, "partition", attributes.partition, PARTITION);
    this.keyArn = attributes.keyArn;
    this.region = regionOfArn(attributes.keyArn);
    this.partition = attributes.partition ?? DEFAULT_PARTITION;
    this.#refuseLockedPolicy(attributes.policy);
    this.#policy = new AdoptedPolicy(this, {
      settings: attributes.policy,
      limit: KEY_POLICY_LIMIT,
      own: (document) => this.createPolicy(document),
    });
  }

  get policy(): ITerraformDependable | undefined {
    return this.#policy.resource;
  }

  get statementsToAdd(): readonly PolicyStatement[] {
    return this.#policy.statementsToAdd;
  }

  keyArnFor(user: IConstruct): string {
    enforceKnownAcross(this, user, { keyArn: this.keyArn });
    return this.keyArn;
  }

  #refuseLockedPolicy({ behaviour, currentStatements = [] }: ExistingPolicy = {}): void {
    if (
      behaviour === "own" &&
      currentStatements.length > 0 &&
      !keyPolicyCanBeChanged(currentStatements, this.keyArn)
    ) {
      const { problem, remedy } = LOCKED_KEY_POLICY;
      refuse(this, "policy.currentStatements", `${currentStatements.length} long`, problem, remedy);
    }
  }

  /** The provider knows the policy by the key's id: an ARN would be replaced by it at every plan. */
  protected createPolicy(document: string): KmsKeyPolicy {
    const keyId = Token.isUnresolved(this.keyArn)
      ? Token.asString(Fn.element(Fn.split("/", this.keyArn), 1))
      : this.keyArn.slice(this.keyArn.indexOf("/") + 1);
    const policy = addressed(
      new KmsKeyPolicy(this, "policy", { keyId, policy: document, ...dataLifecycle() }),
    );
    policy.importFrom(keyId);
    return policy;
  }

  protected applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[] {
    const needed = firstThatFits(forms, KEY_POLICY_LIMIT, (form) => this.#policy.withNeeded(form));
    this.#policy.need(needed);
    return needed;
  }
}

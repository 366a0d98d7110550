import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { ownedPolicyStated } from "../../facts/checks/owned-policy-stated.js";
import { enforceCheck } from "../check.js";
import { refuse } from "../expectation.js";
import { DELETED_PRINCIPAL, deletedPrincipals } from "./deleted-principals.js";
import { type PolicyStatement, policyDocument, sameStatement } from "./policy.js";
import { enforcePolicySize, type PolicyLimit } from "./policy-limit.js";

/** What is to happen to the policy of an existing resource. */
export interface ExistingPolicy {
  /**
   * - `print`: the policy is not changed; `statementsToAdd` is what its owner has to add.
   * - `own`: from now on this stack owns the policy: the current statements and the new ones. It is imported, and
   *   Terraform refuses to destroy it, because destroying would take the owner's statements too.
   * - `refuse`: nothing may have to be added; a needed statement that is not among the current ones is an error.
   *
   * @default "print"
   */
  readonly behaviour?: "print" | "own" | "refuse" | undefined;
  /**
   * Every statement that the policy holds today.
   *
   * @default - not known; `own` refuses that
   */
  readonly currentStatements?: readonly PolicyStatement[] | undefined;
  /**
   * Whether the statements of this program are withdrawn: grants add nothing any more, and an owned policy holds the
   * current statements alone. The step before the resource is left to its owner.
   *
   * @default false
   */
  readonly withdrawn?: boolean | undefined;
}

/** The policy resource of an existing bucket, key or topic, once it is owned. */
export interface OwnedPolicy extends ITerraformDependable {
  policy: string;
}

export interface AdoptedPolicyProps {
  readonly settings: ExistingPolicy | undefined;
  readonly limit: PolicyLimit;
  /** Makes the policy resource, imported and kept from destruction. */
  readonly own: (document: string) => OwnedPolicy;
}

/** Follows what an existing resource's policy must say, and does with it what was chosen. */
export class AdoptedPolicy {
  /** The policy resource, when it is owned. */
  readonly resource: OwnedPolicy | undefined;
  readonly #construct: Construct;
  readonly #limit: PolicyLimit;
  readonly #behaviour: "print" | "own" | "refuse";
  readonly #current: readonly PolicyStatement[];
  readonly #withdrawn: boolean;
  #missing: readonly PolicyStatement[] = [];

  /** @throws PropError when the policy is to be owned, and its statements are not listed or AWS would not store them again. */
  constructor(construct: Construct, { settings, limit, own }: AdoptedPolicyProps) {
    this.#construct = construct;
    this.#limit = limit;
    this.#behaviour = settings?.behaviour ?? "print";
    this.#current = settings?.currentStatements ?? [];
    this.#withdrawn = settings?.withdrawn ?? false;
    enforceCheck(
      construct,
      ownedPolicyStated,
      { behaviour: this.#behaviour, currentStatementCount: settings?.currentStatements?.length },
      {
        behaviour: "policy.behaviour",
        currentStatementCount: { prop: "policy.currentStatements", shown: settings?.currentStatements },
      },
    );
    if (this.#behaviour === "own") {
      this.#refuseDeletedPrincipals();
      this.resource = own(policyDocument(this.#current));
    }
  }

  /** What the owner has to add: empty unless the policy is not changed. */
  get statementsToAdd(): readonly PolicyStatement[] {
    return this.#behaviour === "print" ? this.#missing : [];
  }

  /** The whole policy, should the needed statements be in it. */
  withNeeded(needed: readonly PolicyStatement[]): PolicyStatement[] {
    return [...this.#current, ...this.#notYetThere(needed)];
  }

  /**
   * Takes the statements that the policy must hold, all of them at every call.
   *
   * @throws PropError when they may not be added, or cannot.
   */
  need(needed: readonly PolicyStatement[]): void {
    if (this.#withdrawn) {
      return;
    }
    this.#missing = this.#notYetThere(needed);
    this.#refuseTakenSids();
    if (this.#behaviour === "refuse" && this.#missing.length > 0) {
      refuse(
        this.#construct,
        "policy.behaviour",
        '"refuse"',
        `its policy would need ${JSON.stringify(this.#missing)}`,
        'Add them to the resource and to policy.currentStatements, or choose "print" or "own".',
      );
    }
    const whole = this.withNeeded(needed);
    enforcePolicySize(this.#construct, whole, this.#limit);
    if (this.resource !== undefined) {
      this.resource.policy = policyDocument(whole);
    }
  }

  #notYetThere(needed: readonly PolicyStatement[]): PolicyStatement[] {
    return needed.filter((ours) => !this.#current.some((theirs) => sameStatement(ours, theirs)));
  }

  #refuseDeletedPrincipals(): void {
    for (const { path, id } of deletedPrincipals(this.#current)) {
      const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
      refuse(
        this.#construct,
        `policy.currentStatements${place}`,
        JSON.stringify(id),
        DELETED_PRINCIPAL.problem,
        DELETED_PRINCIPAL.remedy,
      );
    }
  }

  #refuseTakenSids(): void {
    for (const { Sid } of this.#missing) {
      const index = this.#current.findIndex((theirs) => theirs.Sid === Sid);
      if (index >= 0) {
        refuse(
          this.#construct,
          `policy.currentStatements[${index}].Sid`,
          JSON.stringify(Sid),
          "conflicts with the Sid of a statement that must be added: a Sid must be unique in a policy",
          "Rename the Sid of the current statement, or omit it if an earlier version of this deployment added it.",
        );
      }
    }
  }
}

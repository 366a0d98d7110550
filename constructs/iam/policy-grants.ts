import type { IConstruct } from "constructs";
import { enforceNoReferenceAcross } from "../across-stacks.js";
import type { PolicyStatement } from "./policy.js";

/** What has been granted on one resource, and the statements that its policy needs for it. */
export class PolicyGrants<T> {
  readonly #construct: IConstruct;
  #granted: T;
  #statements: readonly PolicyStatement[] = [];
  readonly #put: (granted: T) => readonly PolicyStatement[];

  /**
   * @param construct whose policy it is.
   * @param nothing what is granted at first.
   * @param put puts everything that is granted into the policy, and returns the statements that it needs.
   */
  constructor(construct: IConstruct, nothing: T, put: (granted: T) => readonly PolicyStatement[]) {
    this.#construct = construct;
    this.#granted = nothing;
    this.#put = put;
  }

  get granted(): T {
    return this.#granted;
  }

  /**
   * Grants more, and returns the statements that the policy needs for it and did not need before.
   *
   * @param props what was given for it, by the names that an error has for them.
   * @throws PropError for a token of another stack: the policy would have to read that stack's state.
   */
  grant(
    props: Readonly<Record<string, string | readonly string[] | undefined>>,
    more: Partial<T>,
  ): readonly PolicyStatement[] {
    for (const [prop, value] of Object.entries(props)) {
      enforceNoReferenceAcross(this.#construct, prop, value);
    }
    // One and the same function says every statement, so what says the same has the same text.
    const before = new Set(this.#statements.map((statement) => JSON.stringify(statement)));
    this.#granted = { ...this.#granted, ...more };
    this.#statements = this.#put(this.#granted);
    return this.#statements.filter((statement) => !before.has(JSON.stringify(statement)));
  }
}

import type { PolicyStatement } from "./policy.js";

/** What has been granted on one resource, and the statements that its policy needs for it. */
export class PolicyGrants<T> {
  #granted: T;
  #statements: readonly PolicyStatement[] = [];
  readonly #put: (granted: T) => readonly PolicyStatement[];

  /**
   * @param nothing what is granted at first.
   * @param put puts everything that is granted into the policy, and returns the statements that it needs.
   */
  constructor(nothing: T, put: (granted: T) => readonly PolicyStatement[]) {
    this.#granted = nothing;
    this.#put = put;
  }

  get granted(): T {
    return this.#granted;
  }

  /** Grants more, and returns the statements that the policy needs for it and did not need before. */
  grant(more: Partial<T>): readonly PolicyStatement[] {
    // One and the same function says every statement, so what says the same has the same text.
    const before = new Set(this.#statements.map((statement) => JSON.stringify(statement)));
    this.#granted = { ...this.#granted, ...more };
    this.#statements = this.#put(this.#granted);
    return this.#statements.filter((statement) => !before.has(JSON.stringify(statement)));
  }
}

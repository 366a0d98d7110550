import pc from "picocolors";

/** @throws Error with a message for the user if it fails. */
type Check = () => Promise<readonly string[] | undefined> | Promise<void>;

/** Runs checks one after the other, and reports each. */
export class Checks {
  #passed = 0;
  #failed = 0;

  /**
   * Runs one check and prints its result.
   *
   * @param check may return remarks to print even if it passed.
   * @returns whether it passed.
   */
  async run(name: string, check: Check): Promise<boolean> {
    const began = Date.now();
    const seconds = () => pc.dim(`(${((Date.now() - began) / 1000).toFixed(1)} s)`);
    try {
      const remarks = (await check()) ?? [];
      this.#passed += 1;
      console.log(`${pc.green("passed")}  ${name} ${seconds()}`);
      for (const remark of remarks) {
        console.log(indented(remark));
      }
      return true;
    } catch (error) {
      this.#failed += 1;
      console.log(`${pc.red("FAILED")}  ${name} ${seconds()}`);
      console.log(indented((error as Error).message));
      return false;
    }
  }

  /** Runs a check that the following ones need. @throws StoppedError if it fails. */
  async need(name: string, check: Check): Promise<void> {
    if (!(await this.run(name, check))) {
      throw new StoppedError("The remaining checks depend on this one and were not run.");
    }
  }

  get failed(): number {
    return this.#failed;
  }

  /** `14 passed, 0 failed` */
  summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}

/** The remaining checks cannot be run. */
export class StoppedError extends Error {}

function indented(text: string): string {
  return text.replace(/^/gm, "        ");
}

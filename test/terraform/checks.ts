import pc from "picocolors";

/** @throws when it fails; the message is for a person. */
type Check = () => Promise<readonly string[] | undefined> | Promise<void>;

/** A line of checks that report as they go. */
export class Checks {
  #passed = 0;
  #failed = 0;

  /**
   * Runs one check and prints how it went.
   *
   * @param check may return lines for a person to know although it passed.
   * @returns whether it passed.
   */
  async run(name: string, check: Check): Promise<boolean> {
    const began = Date.now();
    const seconds = () => pc.dim(`(${((Date.now() - began) / 1000).toFixed(1)} s)`);
    try {
      const remarks = (await check()) ?? [];
      this.#passed += 1;
      console.log(`${pc.green("passed")}  ${name} ${seconds()}`);
      for (const remark of remarks) console.log(indented(remark));
      return true;
    } catch (error) {
      this.#failed += 1;
      console.log(`${pc.red("FAILED")}  ${name} ${seconds()}`);
      console.log(indented((error as Error).message));
      return false;
    }
  }

  /** Runs one check that the following ones need. @throws StoppedError when it fails. */
  async need(name: string, check: Check): Promise<void> {
    if (!(await this.run(name, check))) throw new StoppedError("The rest needs this; it was not run.");
  }

  get failed(): number {
    return this.#failed;
  }

  /** `14 passed, 0 failed` */
  summary(): string {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}

/** The rest of the checks cannot be run. */
export class StoppedError extends Error {}

function indented(text: string): string {
  return text.replace(/^/gm, "        ");
}

import type { Attributes } from "./terraform-json.js";

/**
 * The arguments of a resource, read one by one. An argument that was never read is an error at the end: a test that
 * overlooks an argument would not test what is declared.
 */
export class Declaration {
  readonly #name: string;
  readonly #values: Attributes;
  readonly #asked = new Set<string>();
  readonly #blocks: Declaration[] = [];

  /** @param name what error messages call it, an address for example. */
  constructor(name: string, values: Attributes) {
    this.#name = name;
    this.#values = values;
  }

  /** @throws unless it is given, as text. */
  string(argument: string): string {
    return this.#given(argument, this.optionalString(argument));
  }

  optionalString(argument: string): string | undefined {
    return this.#typed(argument, "a string", (value) => typeof value === "string");
  }

  optionalNumber(argument: string): number | undefined {
    return this.#typed(argument, "a number", (value) => typeof value === "number");
  }

  optionalBoolean(argument: string): boolean | undefined {
    return this.#typed(argument, "true or false", (value) => typeof value === "boolean");
  }

  optionalStrings(argument: string): string[] | undefined {
    return this.#typed(
      argument,
      "a list of strings",
      (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    );
  }

  optionalStringMap(argument: string): Record<string, string> | undefined {
    return this.#typed(argument, "a map of strings", (value) => typeof value === "object" && value !== null);
  }

  /** Every block of a name, whether Terraform's JSON has it as one object or as a list of them. */
  blocks(argument: string): Declaration[] {
    this.#asked.add(argument);
    const value = this.#values[argument] ?? [];
    const blocks = (Array.isArray(value) ? value : [value]).map(
      (block: Attributes, index) => new Declaration(`${this.#name}.${argument}[${index}]`, block),
    );
    this.#blocks.push(...blocks);
    return blocks;
  }

  optionalBlock(argument: string): Declaration | undefined {
    const [block, ...more] = this.blocks(argument);
    if (more.length > 0) {
      throw new Error(`${this.#name}.${argument}: expected at most one block.`);
    }
    return block;
  }

  /** @throws unless there is exactly one. */
  block(argument: string): Declaration {
    return this.#given(argument, this.optionalBlock(argument));
  }

  /** Ignores an argument that the emulator does not use; the reason is for the reader. */
  passOver(argument: string, _reason: string): void {
    this.#asked.add(argument);
  }

  /** @throws Error if an argument was overlooked, here or in a block. */
  finish(): void {
    const overlooked = Object.keys(this.#values).filter((argument) => !this.#asked.has(argument));
    if (overlooked.length > 0) {
      throw new Error(
        `${this.#name}: this test does not know ${overlooked.join(", ")}. Apply it in terraform-apply.ts.`,
      );
    }
    for (const block of this.#blocks) {
      block.finish();
    }
  }

  #given<T>(argument: string, value: T | undefined): T {
    if (value === undefined) {
      throw new Error(`${this.#name}: ${argument} is missing.`);
    }
    return value;
  }

  #typed<T>(argument: string, expected: string, fits: (value: unknown) => boolean): T | undefined {
    this.#asked.add(argument);
    const value = this.#values[argument];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!fits(value)) {
      throw new Error(`${this.#name}: ${argument} must be ${expected}, not ${typeof value}.`);
    }
    return value as T;
  }
}

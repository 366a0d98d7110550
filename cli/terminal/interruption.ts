import type { Interruptible } from "./streams.js";

/** Exit codes of shells for a process that a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof EXIT_CODES;

/** Milliseconds within which signals are one keypress: npm passes on what the terminal has already sent to its child. */
const ONE_KEYPRESS = 300;

const SAFE =
  "Either is safe: the same command continues where this one stopped, and each event is exported once.";

/**
 * Ctrl-C. Where nothing is being changed, it ends the process at once. Otherwise the first one lets the step at hand
 * finish (a window, a redrive), which gives its lease back, and the second one ends the process at once.
 */
export class Interruption implements Interruptible {
  readonly #say: (text: string) => void;
  readonly #exit: (code: number) => void;
  #steps = 0;
  #first: { readonly signal: Signal; readonly at: number } | undefined;

  /**
   * @param say writes for a person.
   * @param exit ends the process.
   */
  constructor(say: (text: string) => void, exit: (code: number) => void) {
    this.#say = say;
    this.#exit = exit;
  }

  get requested(): boolean {
    return this.#first !== undefined;
  }

  /** What the process ends with where it was interrupted: 130 after Ctrl-C. */
  get exitCode(): number | undefined {
    return this.#first === undefined ? undefined : EXIT_CODES[this.#first.signal];
  }

  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#steps += 1;
    try {
      return await work();
    } finally {
      this.#steps -= 1;
    }
  }

  /** @param now milliseconds of a clock that never goes back. */
  receive(signal: Signal, now: number = performance.now()): void {
    if (this.#first !== undefined && now - this.#first.at < ONE_KEYPRESS) {
      return;
    }
    if (this.#first === undefined && this.#steps > 0) {
      this.#first = { signal, at: now };
      const again = signal === "SIGINT" ? "press Ctrl-C again" : "send the signal again";
      this.#say(`\nStopping after the current step; ${again} to stop at once. ${SAFE}\n`);
      return;
    }
    this.#say(
      this.#steps > 0 ? "\nStopped at once. Run the same command again to continue.\n" : "\nStopped.\n",
    );
    this.#exit(EXIT_CODES[this.#first?.signal ?? signal]);
  }
}

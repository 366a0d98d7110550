import type { Interruptible } from "./streams.js";

/** A shell's exit codes for a process that was ended by a signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof EXIT_CODES;

/** Milliseconds within which signals count as one keypress: npm forwards a signal that the terminal has already sent to its child. */
const KEYPRESS_MS = 300;

const SAFE =
  "Either is safe: the same command continues where this one stopped, and each event is exported once.";

/**
 * Handles Ctrl-C. If nothing is being changed, it ends the process at once. Otherwise, the first one lets the current step
 * finish (a window, a redrive) and release its lease; a second one ends the process at once.
 */
export class Interruption implements Interruptible {
  readonly #say: (text: string) => void;
  readonly #exit: (code: number) => void;
  #steps = 0;
  #first: { readonly signal: Signal; readonly at: number } | undefined;

  /**
   * @param say writes a message for the user.
   * @param exit ends the process.
   */
  constructor(say: (text: string) => void, exit: (code: number) => void) {
    this.#say = say;
    this.#exit = exit;
  }

  get requested(): boolean {
    return this.#first !== undefined;
  }

  /** Exit code of the interrupted process: 130 after Ctrl-C. */
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
    if (this.#first !== undefined && now - this.#first.at < KEYPRESS_MS) {
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

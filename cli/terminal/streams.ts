/** Where a command writes, and how it can prompt and show progress. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Columns of the terminal that shows the results. @default - they go to a file or a program: lines are never wrapped */
  readonly width?: number | undefined;
  /** Prompts the user for one line. @default - there is no terminal to prompt on */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Shows progress. @default - nothing is shown */
  readonly progress?: ((text: string) => Progress) | undefined;
  /** Whether progress is shown on a terminal. @default false */
  readonly watched?: boolean | undefined;
  /** Ctrl-C. @default - a command cannot be interrupted */
  readonly interruption?: Interruptible | undefined;
}

/** A line that shows progress until the work is done. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

/** How work can be interrupted. */
export interface Interruptible {
  /** Whether to stop after the current step. */
  readonly requested: boolean;
  /** Runs a step that should finish before the process ends. */
  step<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Runs something that takes a while, and shows its progress. */
export async function during<Result>(
  { progress }: Streams,
  text: string,
  work: (say: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const shown = progress?.(text);
  try {
    return await work((next) => shown?.update(next));
  } finally {
    shown?.end();
  }
}

/** Runs a step that a first Ctrl-C lets finish, because it changes state. */
export async function asStep<Result>(
  { interruption }: Pick<Streams, "interruption">,
  work: () => Promise<Result>,
): Promise<Result> {
  return interruption === undefined ? await work() : await interruption.step(work);
}

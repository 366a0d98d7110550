/** Where a command writes to, and who may be there to read it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Columns of the terminal that shows the results. @default - they go to a file or a program: lines are never broken */
  readonly width?: number | undefined;
  /** Asks a person, who answers in a line. @default - nobody is there */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Shows what is under way. @default - nothing is shown */
  readonly progress?: ((text: string) => Progress) | undefined;
  /** Whether a person watches the progress as it happens. @default false */
  readonly watched?: boolean | undefined;
  /** Ctrl-C. @default - a command cannot be interrupted */
  readonly interruption?: Interruptible | undefined;
}

/** A line that says what is under way, until it is over. */
export interface Progress {
  update(text: string): void;
  end(): void;
}

/** How work takes part in being interrupted. */
export interface Interruptible {
  /** Whether to end after the step at hand. */
  readonly requested: boolean;
  /** Does something that is better finished than broken off. */
  step<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Does something that takes a while, and lets it say how far it is. */
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

/** Does something that a first Ctrl-C lets finish, because it changes state. */
export async function asStep<Result>(
  { interruption }: Pick<Streams, "interruption">,
  work: () => Promise<Result>,
): Promise<Result> {
  return interruption === undefined ? await work() : await interruption.step(work);
}

/** Where a command writes to, and who may be there to read it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks a person, who answers in a line. @default - nobody is there */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Shows what is under way. @default - nothing is shown */
  readonly progress?: ((text: string) => Progress) | undefined;
}

/** A line that says what is under way, until it is over. */
export interface Progress {
  update(text: string): void;
  end(): void;
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

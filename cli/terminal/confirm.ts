import { UsageError } from "../usage-error.js";
import type { Streams } from "./streams.js";

/**
 * Asks for confirmation of a change that cannot be undone.
 *
 * @param yes whether it was already confirmed on the command line.
 * @throws UsageError if there is no terminal to prompt on, Error if the answer is no.
 */
export async function confirm({ ask }: Streams, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) {
    return;
  }
  if (ask === undefined) {
    throw new UsageError(`${question} No terminal to prompt on; pass --yes to confirm.`);
  }
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new Error("Not confirmed: nothing was changed.");
  }
}

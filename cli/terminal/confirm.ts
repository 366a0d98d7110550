import { UsageError } from "../usage-error.js";
import type { Streams } from "./streams.js";

/**
 * Asks whether something is wanted that cannot be taken back.
 *
 * @param yes whether that was said on the command line already.
 * @throws UsageError where nobody can be asked, Error where the answer is no.
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

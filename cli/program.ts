import { Command, CommanderError } from "commander";
import { egressCommand } from "./egress.js";

/** Where a command writes to. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes of every command. */
const EXIT = {
  ok: 0,
  /** The command was understood and failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
} as const;

/**
 * Runs one command line, without the program's own name.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage.
 */
export async function runProgram(parameters: readonly string[], streams: Streams): Promise<number> {
  const program = new Command("vectra-cdr")
    .description("Helpers for Vectra CDR for AWS. Nothing here asks for credentials or calls AWS.")
    .addCommand(egressCommand(streams.out));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: streams.out, writeErr: streams.err })
      .showHelpAfterError(
        `"vectra-cdr ${command === program ? "" : `${command.name()} `}--help" shows what is allowed.`,
      );
  }
  try {
    await program.parseAsync([...parameters], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    streams.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}

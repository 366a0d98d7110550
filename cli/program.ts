import { Command, CommanderError } from "commander";
import { projectVersion } from "../command-line/version.js";
import { backfillCommand } from "./commands/backfill.js";
import { checkpointCommand } from "./commands/checkpoint/checkpoint.js";
import { egressCommand } from "./commands/egress.js";
import { exportCommand } from "./commands/export.js";
import { previewCommand } from "./commands/preview.js";
import { quarantineCommand } from "./commands/quarantine.js";
import { queryCommand } from "./commands/query.js";
import { redriveCommand } from "./commands/redrive.js";
import { statusCommand } from "./commands/status.js";
import type { Interruption } from "./terminal/interruption.js";
import type { Streams } from "./terminal/streams.js";
import { visibleStreams } from "./terminal/visible-streams.js";
import { UsageError } from "./usage-error.js";

/** Exit codes of every command. */
const EXIT = {
  ok: 0,
  /** The command ran and failed. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
} as const;

/** Minimum columns for option descriptions: with fewer, commander does not wrap lines between words. */
const MIN_HELP_COLUMNS = 12;

/** Streams of a process that may be interrupted. */
export interface ProgramStreams extends Streams {
  readonly interruption?: Interruption | undefined;
}

/**
 * Runs one command line, without the program's name.
 *
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
 */
export async function runProgram(parameters: readonly string[], given: ProgramStreams): Promise<number> {
  const streams = visibleStreams(given);
  const code = await run(parameters, streams);
  const interrupted = given.interruption?.exitCode;
  if (interrupted === undefined) {
    return code;
  }
  streams.err("Stopped after the current step. Run the same command again to continue.\n");
  return interrupted;
}

async function run(parameters: readonly string[], streams: Streams): Promise<number> {
  const program = programOf(streams);
  try {
    await program.parseAsync([...parameters], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    return report(error, pathOf(program, parameters), streams);
  }
}

/** Every command, with its options and help. */
export function programOf(streams: Streams): Command {
  const program = new Command("vectra-cdr")
    .description("Export Vectra CDR for AWS events as OCSF, and operate deployed exporters")
    .addCommand(exportCommand(streams))
    .addCommand(previewCommand(streams))
    .addCommand(backfillCommand(streams))
    .addCommand(redriveCommand(streams))
    .addCommand(quarantineCommand(streams))
    .addCommand(statusCommand(streams))
    .addCommand(checkpointCommand(streams))
    .addCommand(queryCommand(streams))
    .addCommand(egressCommand(streams))
    .addHelpText(
      "after",
      '\nRun "vectra-cdr <command> --help" for options and examples. Exit codes: 0 done, 1 failed, 2 wrong usage, ' +
        "130 stopped by Ctrl-C.",
    );
  configure(program, "vectra-cdr", streams);
  return program;
}

/** Makes a command and its subcommands write to the streams, and throw instead of ending the process. */
function configure(command: Command, path: string, { out, err }: Streams): void {
  command
    .version(projectVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureHelp({ minWidthToWrap: MIN_HELP_COLUMNS })
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError(`Run "${path} --help" for usage.`);
  for (const inner of command.commands) {
    configure(inner, `${path} ${inner.name()}`, { out, err });
  }
}

/** The full name of the command that the first words select: `vectra-cdr quarantine discard`. */
function pathOf(command: Command, [word, ...others]: readonly string[]): string {
  const inner = command.commands.find((candidate) => candidate.name() === word);
  return inner === undefined ? command.name() : `${command.name()} ${pathOf(inner, others)}`;
}

/** @param path of the command. */
function report(error: unknown, path: string, { err }: Streams): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  for (const each of errors) {
    err(`error: ${each instanceof Error ? each.message : String(each)}\n`);
  }
  if (error instanceof UsageError) {
    err(`Run "${path} --help" for usage.\n`);
    return EXIT.usage;
  }
  return EXIT.failed;
}

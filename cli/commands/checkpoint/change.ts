import type { Command } from "commander";
import type { CheckpointState } from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { Note } from "../../../functions/security-lake-exporter/state/operator-changes.js";
import type { OperatorCheckpoint } from "../../../functions/security-lake-exporter/state/operator-checkpoint.js";
import type { ExporterTarget, TargetTenant } from "../../exporters/exporter-target.js";
import { confirm } from "../../terminal/confirm.js";
import { jsonDocument } from "../../terminal/json.js";
import { asStep, type Streams } from "../../terminal/streams.js";
import { UsageError } from "../../usage-error.js";
import type { ChoosingOptions } from "../choose-target.js";
import { exportStateOf } from "../export-state.js";
import { asOperator } from "../operator-lease.js";
import { addLakeOptions, addTargetOptions, addTenantSettings } from "../target-options.js";

/** Options of every command that changes a checkpoint. */
export interface ChangeOptions extends ChoosingOptions {
  readonly reason: string;
  readonly yes?: true;
  readonly json?: true;
}

/** A change of a checkpoint, as a person confirms it and as it is made. */
export interface CheckpointChange<Result extends object> {
  readonly tenant: TargetTenant;
  /** Name of the backfill. @default - the live export */
  readonly job?: string | undefined;
  /** The state that the question is about: nothing is changed where a run has gone on since. */
  readonly before: CheckpointState;
  readonly question: string;
  readonly make: (checkpoint: OperatorCheckpoint, note: Note, state: CheckpointState) => Promise<Result>;
  /** What is said afterwards, without the tenant's name. */
  readonly report: (result: Result & Note) => string;
}

export function addChangeOptions(command: Command, example: string): Command {
  command
    .requiredOption("--reason <text>", "recorded permanently, with time and name")
    .option("--yes", "do not ask for confirmation")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  addTenantSettings(command);
  return command.addHelpText("after", `\nExample:\n  ${example}\n`);
}

/** The state of a tenant's live export, or of a backfill. */
export async function stateOf(
  target: ExporterTarget,
  tenant: TargetTenant,
  job?: string,
): Promise<CheckpointState> {
  const { storedCheckpoint } = await import(
    "../../../functions/security-lake-exporter/state/checkpoint-state.js"
  );
  return await storedCheckpoint({ ...(await exportStateOf(target, tenant)), job });
}

/** Asks for confirmation, makes the change while no run is in progress, and reports it. */
export async function makeChange<Result extends object>(
  target: ExporterTarget,
  options: ChangeOptions,
  streams: Streams,
  { tenant, job, before, question, make, report }: CheckpointChange<Result>,
): Promise<void> {
  const reason = reasonOf(options);
  await confirm(streams, question, options.yes);
  const by = await target.operator();
  const note = { at: new Date().toISOString(), by, reason };
  const result = await asStep(streams, () =>
    asOperator(
      target,
      tenant,
      by,
      async (checkpoint, state) => {
        requireUnchanged(tenant, before, state);
        return { ...note, ...(await make(checkpoint, note, state)) };
      },
      job,
    ),
  );
  streams.out(
    options.json === true
      ? jsonDocument({ tenant: tenant.name, ...result })
      : `${tenant.name}: ${report(result)}\n`,
  );
}

/** @throws UsageError where it is empty. */
export function reasonOf({ reason }: Pick<ChangeOptions, "reason">): string {
  const text = reason.trim();
  if (text === "") {
    throw new UsageError("--reason is empty: say why, for the reader who finds the gap.");
  }
  return text;
}

/** What a change does to unfinished work. */
export function abandonedSentences({ unfinished }: CheckpointState): readonly string[] {
  if (unfinished === undefined) {
    return [];
  }
  const { kind, from, to } = unfinished;
  return kind === "redrive"
    ? [
        "The unfinished redrive is abandoned, and part of it may already be in the lake. Its events stay in quarantine; the next redrive " +
          "replaces those objects.",
      ]
    : [
        `The unfinished window from ${from} to ${to} is abandoned, and part of it may already be in the lake.`,
      ];
}

/** @throws Error where a run has changed the state since it was confirmed. */
export function requireUnchanged(
  { name }: TargetTenant,
  confirmed: CheckpointState,
  state: CheckpointState,
): void {
  if (state.nextFrom !== confirmed.nextFrom) {
    throw new Error(
      `A run has moved the cursor of ${name} from ${confirmed.nextFrom} to ${state.nextFrom} in the meantime. Nothing was changed; check again.`,
    );
  }
  if (state.intent?.run !== confirmed.intent?.run) {
    throw new Error(
      `A run of ${name} has begun or finished work in the meantime. Nothing was changed; check again.`,
    );
  }
}

import { Argument, Command } from "commander";
import { given } from "../../../facts/given.js";
import type {
  CheckpointState,
  CursorMove,
} from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { ExporterTarget } from "../../exporters/exporter-target.js";
import type { Streams } from "../../terminal/streams.js";
import { oneTenantOf, withTarget } from "../choose-target.js";
import { wholeNumber } from "../option-values.js";
import {
  abandonedSentences,
  addChangeOptions,
  type ChangeOptions,
  makeChange,
  reasonOf,
  stateOf,
} from "./change.js";

interface SetResult extends Pick<CursorMove, "from" | "to"> {
  /** What the move has given up. */
  readonly warnings?: readonly string[];
}

export function setCommand(streams: Streams): Command {
  const command = new Command("set")
    .description("Move the cursor, and record who did it and why")
    .addArgument(
      new Argument("<cursor>", "where the next run begins: an event id, or 0 for the oldest event").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    );
  return addChangeOptions(
    command,
    'vectra-cdr checkpoint set 4559 --reason "lost a partition" --lake ./lake',
  ).action((cursor: number, options: ChangeOptions) =>
    withTarget(options, "write", streams, (target) => set(target, cursor, options, streams)),
  );
}

async function set(
  target: ExporterTarget,
  to: number,
  options: ChangeOptions,
  streams: Streams,
): Promise<void> {
  reasonOf(options);
  const tenant = oneTenantOf(target, options.tenant);
  const before = await stateOf(target, tenant);
  const warnings = givenUpSentences(before);
  await makeChange<SetResult>(target, options, streams, {
    tenant,
    before,
    question: questionOf(tenant.name, before, to),
    make: async (checkpoint, note, state) => {
      const move = { ...note, from: state.nextFrom ?? null, to };
      await checkpoint.move(move, state);
      return { ...move, ...given({ warnings: warnings.length === 0 ? undefined : warnings }) };
    },
    report: ({ from, by }) => {
      const done = from === to ? `left at ${to}` : `moved from ${from ?? "none"} to ${to}`;
      return [
        `cursor ${done} by ${by}; reason recorded${warnings.length === 0 ? "" : "."}`,
        ...warnings,
      ].join(" ");
    },
  });
}

/** Asks for confirmation, and says what the move means for the lake. */
function questionOf(tenant: string, state: CheckpointState, to: number): string {
  const { nextFrom } = state;
  const from = nextFrom ?? 0;
  const sentences = [
    nextFrom === to
      ? `Leave the cursor of ${tenant} at ${to}?`
      : `Move the cursor of ${tenant} from ${nextFrom ?? "none"} to ${to}?`,
    ...(to < from
      ? [
          "Events between the two are exported again; they will be in the lake twice unless they were removed from it.",
        ]
      : []),
    ...(to > from ? ["Events between the two will be missing from the lake."] : []),
    ...givenUpSentences(state),
  ];
  return sentences.join(" ");
}

/** What is given up with the move: prepared work, and a window that was to be written again, exactly. */
function givenUpSentences(state: CheckpointState): readonly string[] {
  const { unfinished, nextFrom, redoTo } = state;
  const isWindow = unfinished !== undefined && unfinished.kind !== "redrive";
  const isRedo = redoTo !== undefined && !(isWindow && unfinished.to === redoTo);
  return [
    ...abandonedSentences(state),
    ...(isRedo
      ? [
          `The window from ${nextFrom} to ${redoTo} is no longer written again as it was, and part of it may already be in the lake.`,
        ]
      : []),
    ...(isWindow || isRedo
      ? ["What is in the lake of that window will be there twice if it is exported again."]
      : []),
  ];
}

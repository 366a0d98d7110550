import { Argument, Command } from "commander";
import { plainTable } from "../../command-line/table.js";
import type {
  CheckpointState,
  CursorMove,
} from "../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { confirm } from "../terminal/confirm.js";
import { jsonDocument } from "../terminal/json.js";
import { asStep, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import { type ChoosingOptions, oneTenantOf, tenantsOf, withTarget } from "./choose-target.js";
import { exportStateOf } from "./export-state.js";
import { asOperator } from "./operator-lease.js";
import { wholeNumber } from "./option-values.js";
import { addLakeOptions, addTargetOptions, addTenantSettings } from "./target-options.js";

interface ShowOptions extends ChoosingOptions {
  readonly json?: true;
}

interface SetOptions extends ShowOptions {
  readonly reason: string;
  readonly yes?: true;
}

/** `vectra-cdr checkpoint`: shows where the next run begins, and moves it. */
export function checkpointCommand(streams: Streams): Command {
  return new Command("checkpoint")
    .description("Show where the next run begins, or move it")
    .addCommand(showCommand(streams))
    .addCommand(setCommand(streams));
}

function showCommand(streams: Streams): Command {
  const command = new Command("show")
    .description("Show the cursor and its manual moves")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText("after", "\nExample:\n  vectra-cdr checkpoint show --lake ./lake\n")
    .action((options: ShowOptions) =>
      withTarget(options, "read", streams, (target) => show(target, options, streams)),
    );
}

function setCommand(streams: Streams): Command {
  const command = new Command("set")
    .description("Move the cursor, and record who did it and why")
    .addArgument(
      new Argument("<cursor>", "where the next run begins: an event id, or 0 for the oldest event").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .requiredOption("--reason <text>", "recorded permanently, with time and name")
    .option("--yes", "do not ask for confirmation")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  addTenantSettings(command);
  return command
    .addHelpText(
      "after",
      '\nExample:\n  vectra-cdr checkpoint set 4559 --reason "lost a partition" --lake ./lake\n',
    )
    .action((cursor: number, options: SetOptions) =>
      withTarget(options, "write", streams, (target) => set(target, cursor, options, streams)),
    );
}

async function show(target: ExporterTarget, options: ShowOptions, { out, width }: Streams): Promise<void> {
  const checkpoints = [];
  for (const tenant of tenantsOf(target, options.tenant)) {
    const { nextFrom = null, firstFrom = null, moves } = await stateOf(target, tenant);
    checkpoints.push({ tenant: tenant.name, cursor: nextFrom, firstCursor: firstFrom, moves });
  }
  if (options.json === true) {
    out(jsonDocument({ checkpoints }));
    return;
  }
  for (const { tenant, cursor, firstCursor, moves } of checkpoints) {
    out(
      cursor === null
        ? `${tenant}: the export has not begun\n`
        : `${tenant}: the next run begins at cursor ${cursor}; the first run began at ${firstCursor}\n`,
    );
    out(moves.length === 0 ? "" : movesTable(moves, width));
  }
}

function movesTable(moves: readonly CursorMove[], width: number | undefined): string {
  return plainTable(
    ["MOVED AT", "BY", "FROM", "TO", "REASON"],
    moves.map(({ at, by, from, to, reason }) => [
      at.replace(/\.\d+Z$/, "Z"),
      by,
      String(from ?? "-"),
      String(to),
      reason,
    ]),
    width,
  );
}

async function set(
  target: ExporterTarget,
  cursor: number,
  options: SetOptions,
  streams: Streams,
): Promise<void> {
  const reason = options.reason.trim();
  if (reason === "") {
    throw new UsageError("--reason is empty: say why, for the reader who finds the gap.");
  }
  const tenant = oneTenantOf(target, options.tenant);
  const before = await stateOf(target, tenant);
  await confirm(streams, questionOf(tenant.name, before, cursor), options.yes);
  const by = await target.operator();
  const move = await asStep(streams, () => moved(target, tenant, { to: cursor, reason, by }, before));
  streams.out(
    options.json === true
      ? jsonDocument({ tenant: tenant.name, ...move })
      : `${tenant.name}: cursor moved from ${move.from ?? "none"} to ${move.to} by ${move.by}; reason recorded\n`,
  );
}

async function stateOf(target: ExporterTarget, tenant: TargetTenant): Promise<CheckpointState> {
  const { storedCheckpoint } = await import(
    "../../functions/security-lake-exporter/state/checkpoint-state.js"
  );
  return await storedCheckpoint(await exportStateOf(target, tenant));
}

/** Asks for confirmation, and says what the move means for the lake. */
function questionOf(tenant: string, { nextFrom, unfinished }: CheckpointState, to: number): string {
  const from = nextFrom ?? 0;
  const sentences = [
    `Move the cursor of ${tenant} from ${nextFrom ?? "none"} to ${to}?`,
    ...(to < from
      ? [
          "Events between the two are exported again; they will be in the lake twice unless they were removed from it.",
        ]
      : []),
    ...(to > from ? ["Events between the two will be missing from the lake."] : []),
    ...(unfinished === undefined
      ? []
      : [
          `The unfinished window from ${unfinished.from} to ${unfinished.to} is abandoned, and part of it may already be in the lake.`,
        ]),
  ];
  return sentences.join(" ");
}

/** Moves the cursor, unless a run has moved it since it was shown. */
function moved(
  target: ExporterTarget,
  tenant: TargetTenant,
  { to, reason, by }: Pick<CursorMove, "to" | "reason" | "by">,
  confirmed: CheckpointState,
): Promise<CursorMove> {
  return asOperator(target, tenant, by, async (checkpoint, state) => {
    if (state.nextFrom !== confirmed.nextFrom) {
      throw new Error(
        `A run has moved the cursor of ${tenant.name} from ${confirmed.nextFrom} to ${state.nextFrom} in the meantime. Nothing was changed; check again.`,
      );
    }
    const move = { at: new Date().toISOString(), by, reason, from: state.nextFrom ?? null, to };
    await checkpoint.move(move, state);
    return move;
  });
}

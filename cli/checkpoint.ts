import { randomUUID } from "node:crypto";
import { Argument, Command } from "commander";
import type { CheckpointState, CursorMove } from "../functions/security-lake-exporter/checkpoint.js";
import { sortKeyOf } from "../functions/security-lake-exporter/state-table.js";
import { type ChoosingOptions, oneTenantOf, tenantsOf, withTarget } from "./choose-target.js";
import type { ExporterTarget, TargetTenant } from "./exporter-target.js";
import { wholeNumber } from "./option-values.js";
import { addLakeOptions, addTargetOptions } from "./target-options.js";
import { confirm } from "./terminal/confirm.js";
import { jsonDocument } from "./terminal/json.js";
import type { Streams } from "./terminal/streams.js";
import { plainTable } from "./terminal/table.js";
import { UsageError } from "./usage-error.js";

interface ShowOptions extends ChoosingOptions {
  readonly json?: true;
}

interface SetOptions extends ShowOptions {
  readonly reason: string;
  readonly yes?: true;
}

/** Milliseconds that the lease is held for a move; a person who thinks longer is not asked while it is held. */
const LEASE = 60_000;

/** `vectra-cdr checkpoint`: where an export goes on, and how to move it. */
export function checkpointCommand(streams: Streams): Command {
  return new Command("checkpoint")
    .description("Show where the export goes on, or move it")
    .addCommand(showCommand(streams))
    .addCommand(setCommand(streams));
}

function showCommand(streams: Streams): Command {
  const command = new Command("show")
    .description("Show the cursor, and how it was moved by hand")
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
    .description("Move the cursor, and note who did it and why")
    .addArgument(
      new Argument("<cursor>", "where the next run begins: the id of an event, 0 for the oldest").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .requiredOption("--reason <text>", "kept for good, with time and name")
    .option("--yes", "do not ask")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText(
      "after",
      '\nExample:\n  vectra-cdr checkpoint set 4559 --reason "lost a partition" --lake ./lake\n',
    )
    .action((cursor: number, options: SetOptions) =>
      withTarget(options, "write", streams, (target) => set(target, cursor, options, streams)),
    );
}

async function show(target: ExporterTarget, options: ShowOptions, { out }: Streams): Promise<void> {
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
        : `${tenant}: the next run begins at cursor ${cursor}; the first one began at ${firstCursor}\n`,
    );
    out(moves.length === 0 ? "" : `${movesTable(moves)}`);
  }
}

function movesTable(moves: readonly CursorMove[]): string {
  return plainTable(
    ["MOVED AT", "BY", "FROM", "TO", "REASON"],
    moves.map(({ at, by, from, to, reason }) => [
      at.replace(/\.\d+Z$/, "Z"),
      by,
      String(from ?? "-"),
      String(to),
      reason,
    ]),
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
    throw new UsageError("--reason is empty: say why, for whoever finds the gap.");
  }
  const tenant = oneTenantOf(target, options.tenant);
  const before = await stateOf(target, tenant);
  await confirm(streams, questionOf(tenant.name, before, cursor), options.yes);
  const move = await moved(target, tenant, { to: cursor, reason, by: await target.operator() }, before);
  streams.out(
    options.json === true
      ? jsonDocument({ tenant: tenant.name, ...move })
      : `${tenant.name}: moved from ${move.from ?? "nowhere"} to ${move.to} by ${move.by}, noted with the reason\n`,
  );
}

async function stateOf({ table }: ExporterTarget, { pk }: TargetTenant): Promise<CheckpointState> {
  const { checkpointStateOf } = await import("../functions/security-lake-exporter/checkpoint.js");
  const [item] = await table.read(pk, [sortKeyOf("checkpoint", {})]);
  return checkpointStateOf(item?.attributes ?? {});
}

/** What the move means for the lake. */
function questionOf(tenant: string, { nextFrom, intent }: CheckpointState, to: number): string {
  const from = nextFrom ?? 0;
  const sentences = [
    `Move the cursor of ${tenant} from ${nextFrom ?? "nowhere"} to ${to}?`,
    ...(to < from
      ? [
          "Events between the two are exported again, and are in the lake twice unless they were removed from it.",
        ]
      : []),
    ...(to > from ? ["Events between the two are left out of the lake."] : []),
    ...(intent === undefined
      ? []
      : [
          `The unfinished window from ${intent.from} to ${intent.to} is given up, and part of it may be in the lake.`,
        ]),
  ];
  return sentences.join(" ");
}

/** Moves the cursor as the holder of the lease, so that no run is in the middle of something. */
async function moved(
  { table, title }: ExporterTarget,
  { name, pk }: TargetTenant,
  { to, reason, by }: Pick<CursorMove, "to" | "reason" | "by">,
  confirmed: CheckpointState,
): Promise<CursorMove> {
  const { Checkpoint } = await import("../functions/security-lake-exporter/checkpoint.js");
  const checkpoint = new Checkpoint({ table, pk }, `${by}/${randomUUID()}`);
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + LEASE);
  if (state === undefined) {
    throw new Error(
      `A run of ${name} is at work in ${title}: try again when it has ended; status says when.`,
    );
  }
  try {
    if (state.nextFrom !== confirmed.nextFrom) {
      throw new Error(
        `A run has moved the cursor of ${name} from ${confirmed.nextFrom} to ${state.nextFrom} meanwhile: look again.`,
      );
    }
    const move = { at: new Date(now).toISOString(), by, reason, from: state.nextFrom ?? null, to };
    await checkpoint.move(move, state);
    await checkpoint.release();
    return move;
  } catch (error) {
    // The error at hand is the one to report; a lease that cannot be given back ends by itself.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}

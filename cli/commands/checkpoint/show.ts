import { Command } from "commander";
import { plainTable } from "../../../command-line/table.js";
import type { CursorMove } from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { ExporterTarget } from "../../exporters/exporter-target.js";
import { jsonDocument } from "../../terminal/json.js";
import type { Streams } from "../../terminal/streams.js";
import { type ChoosingOptions, tenantsOf, withTarget } from "../choose-target.js";
import { addLakeOptions, addTargetOptions } from "../target-options.js";
import { stateOf } from "./change.js";

interface ShowOptions extends ChoosingOptions {
  readonly json?: true;
}

export function showCommand(streams: Streams): Command {
  const command = new Command("show")
    .description("Show the cursor and its manual changes")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  return command
    .addHelpText("after", "\nExample:\n  vectra-cdr checkpoint show --lake ./lake\n")
    .action((options: ShowOptions) =>
      withTarget(options, "read", streams, (target) => show(target, options, streams)),
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

import { Command } from "commander";
import { plainTable } from "../../command-line/table.js";
import type { RunResult } from "../../functions/security-lake-exporter/run/run-result.js";
import { visibleText } from "../../text/visible-text.js";
import type { Preview } from "../exporters/local/preview.js";
import { jsonDocument } from "../terminal/json.js";
import { during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import { type ChoosingOptions, oneTenantOf, requireLocalRuntime } from "./choose-target.js";
import { wholeNumber } from "./option-values.js";
import { summaryOf } from "./record-summary.js";
import { counted } from "./run-report.js";
import { addClientOption, addLakeOptions, addTenantSettings } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly limit: number;
  readonly ocsf?: true;
  readonly json?: true;
}

/** `vectra-cdr preview`: shows what would be written next. Nothing is written. */
export function previewCommand(streams: Streams): Command {
  const command = new Command("preview")
    .description("Show the records that would be written next, without writing anything")
    .option("--limit <n>", "show at most this many events", wholeNumber(1, 10_000), 10)
    .option("--ocsf", "print the complete records, as JSON")
    .option("--json", "one JSON document: objects with their records, and what would go into quarantine");
  addLakeOptions(command);
  addClientOption(command);
  addTenantSettings(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  vectra-cdr preview --lake ./lake
  vectra-cdr preview --url http://127.0.0.1:8080 --limit 1 --ocsf --profile detection-finding-1.3
`,
    )
    .action((options: Options) => preview(options, streams));
}

async function preview(options: Options, streams: Streams): Promise<void> {
  const { lake, url, deployment, limit } = options;
  if (lake === undefined && url === undefined && deployment === undefined) {
    throw new UsageError("No tenant given: pass --lake <folder>, or --url or --deployment.");
  }
  requireLocalRuntime();
  const { previewOf } = await import("../exporters/local/preview.js");
  const found = await during(streams, "Reading the next events", () =>
    previewOf(options, limit, (target) => oneTenantOf(target, options.tenant)),
  );
  streams.out(written(found, options, streams));
}

function written(found: Preview, { ocsf, json }: Options, { width }: Streams): string {
  const { result, objects, quarantined } = found;
  if (json === true) {
    const { tenant, eventsRead, eventsFiltered, caughtUp } = result;
    return jsonDocument({ tenant, eventsRead, eventsFiltered, caughtUp, objects, quarantined });
  }
  if (ocsf === true) {
    return objects.flatMap(({ records }) => records.map(jsonDocument)).join("");
  }
  const rows = objects.flatMap(({ accountId, eventDay, records }) =>
    records.map((record) => {
      const { time, severity, entity, change } = summaryOf(record);
      return [time, severity, entity, change, `${accountId}/${eventDay}`];
    }),
  );
  const table = plainTable(["TIME", "SEVERITY", "ENTITY", "CHANGE", "PARTITION"], rows, width);
  const rejected = quarantined.map(
    ({ key, reason }) => `${visibleText(`event ${key} would go into quarantine: ${reason}`)}\n`,
  );
  return `${rows.length === 0 ? "" : `${table}\n`}${rejected.join("")}${closingLine(result)}`;
}

function closingLine({ tenant, eventsRead, eventsFiltered, caughtUp }: RunResult): string {
  if (eventsRead === 0) {
    return `${tenant}: no new events.\n`;
  }
  const filtered = eventsFiltered === 0 ? "" : `, ${eventsFiltered} filtered out`;
  const more = caughtUp ? "no more follow" : "more follow";
  return `${tenant}: next ${counted(eventsRead, "event")}${filtered}; ${more}. Nothing was written.\n`;
}

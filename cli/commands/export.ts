import { Command, Option } from "commander";
import type { RunResult } from "../../functions/security-lake-exporter/run/run-result.js";
import type { ExporterTarget } from "../exporters/exporter-target.js";
import { runUntilDone } from "../exporters/run-until-done.js";
import { jsonDocument } from "../terminal/json.js";
import { during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import { type ChoosingOptions, requireLocalRuntime, tenantsOf, withTarget } from "./choose-target.js";
import { counted, runReport } from "./run-report.js";
import { addClientOption, addLakeOptions, addTargetOptions, addTenantSettings } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly once?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `vectra-cdr export`: exports new events, or tries it. */
export function exportCommand(streams: Streams): Command {
  const command = new Command("export")
    .description("Export new events, with a deployed exporter or from this machine into a folder")
    .option("--once", "export new events until there are no more, then exit")
    .addOption(
      new Option(
        "--dry-run",
        "try the export on a copy of the state: objects go to <folder>/dry-run, nothing else changes",
      ).conflicts(["once", "function"]),
    )
    .addOption(
      new Option(
        "--allow-overlap",
        "export into a folder that holds objects but no state (creates duplicates)",
      ).conflicts("function"),
    )
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command, "--to, --lake <folder>");
  addClientOption(command);
  addTenantSettings(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  vectra-cdr export --once --to ./lake --url http://127.0.0.1:8080    (the first time)
  vectra-cdr export --once --to ./lake                                (from then on)
  vectra-cdr export --dry-run --to ./lake
  vectra-cdr export --once --function vectra-cdr-exporter --region eu-west-1
`,
    )
    .action((options: Options) => (options.dryRun ? dryRun(options, streams) : exportNow(options, streams)));
}

async function exportNow(options: Options, streams: Streams): Promise<void> {
  if (options.once !== true) {
    throw new UsageError("Pass --once to export new events and exit, or --dry-run to try it.");
  }
  await withTarget(options, "export", streams, async (target) => {
    await exportAndReport(target, options, streams);
  });
}

async function dryRun(options: Options, streams: Streams): Promise<void> {
  const { lake } = options;
  if (lake === undefined) {
    throw new UsageError("--to is missing: pass the folder of the exporter.");
  }
  requireLocalRuntime();
  const { openDryRun } = await import("../exporters/local/open-local-exporter.js");
  const { emptyDryRunFolder } = await import("../exporters/local/dry-run-folder.js");
  const { FolderLake } = await import("../exporters/local/folder-lake.js");
  const { onDisk } = await import("../exporters/local/disk-errors.js");
  const folder = await onDisk(lake, () => emptyDryRunFolder(lake));
  const mayBegin = options.allowOverlap === true;
  const target = await openDryRun(
    { ...options, mayBegin },
    ({ region }) => new FolderLake(folder.path, region),
  );
  try {
    await exportAndReport(target, options, streams);
    if (options.json !== true) {
      streams.out(
        folder.isElsewhere
          ? `This was a dry run: ${lake} is read-only, so the objects are in ${folder.path}; the state is unchanged.\n`
          : "This was a dry run: the objects are not part of the lake, and the state is unchanged.\n",
      );
    }
  } finally {
    await target.close();
  }
}

/** One tenant's failure does not stop the export of the others. */
async function exportAndReport(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  const results: RunResult[] = [];
  const failures: { tenant: string; reason: string }[] = [];
  for (const { name } of tenantsOf(target, options.tenant)) {
    if (streams.interruption?.requested === true) {
      break;
    }
    try {
      const result = await exportTenant(target, name, streams);
      results.push(result);
      if (options.json !== true) {
        streams.out(result.outcome === "exported" || result.eventsRead > 0 ? runReport(result) : "");
      }
      if (result.outcome === "lease-held") {
        failures.push({
          tenant: name,
          reason: "another run is in progress; status shows how long its lease lasts",
        });
      }
    } catch (error) {
      failures.push({ tenant: name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (options.json === true) {
    streams.out(jsonDocument({ exporter: target.title, results, failures }));
  }
  if (failures.length > 0) {
    throw new AggregateError(failures.map(({ tenant, reason }) => new Error(`${tenant}: ${reason}`)));
  }
}

async function exportTenant(target: ExporterTarget, name: string, streams: Streams): Promise<RunResult> {
  return await during(streams, `${name}: exporting`, async (say) => {
    // Counting costs a request, so it is done only for a terminal.
    const total = streams.watched === true ? await target.eventsToExport?.(name) : undefined;
    const ofTotal = total === undefined ? "" : ` of ${counted(total, "event")}`;
    return await runUntilDone(
      () => target.exportOnce(name),
      (eventsRead) => say(`${name}: exporting, ${eventsRead.toLocaleString("en-US")}${ofTotal}`),
      undefined,
      streams,
    );
  });
}

import { Command, Option } from "commander";
import { given } from "../../facts/given.js";
import { BACKFILL_RUN_OPTIONS } from "../../facts/options/backfill-run.js";
import type { BackfillInvocation } from "../../functions/security-lake-exporter/invocation.js";
import type { BackfillEstimate } from "../../functions/security-lake-exporter/run/backfill.js";
import type { ExporterTarget, FanOut } from "../exporters/exporter-target.js";
import { runUntilDone } from "../exporters/run-until-done.js";
import { confirm } from "../terminal/confirm.js";
import { jsonDocument } from "../terminal/json.js";
import { during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import { type ChoosingOptions, oneTenantOf, withTarget } from "./choose-target.js";
import { utcTime, wholeNumber } from "./option-values.js";
import { counted, runReport } from "./run-report.js";
import { addClientOption, addFilterOptions, addLakeOptions, addTargetOptions } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly from: string;
  readonly to: string;
  readonly maxEvents?: number;
  readonly requestsPerMinute?: number;
  readonly fanOut?: number;
  readonly estimate?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `vectra-cdr backfill`: exports a range of the tenant's history beside the live export. */
export function backfillCommand(streams: Streams): Command {
  const { maxEvents, requestsPerMinute } = BACKFILL_RUN_OPTIONS;
  const command = new Command("backfill")
    .description("Export a range of a tenant's history; run it again to continue where it stopped")
    .requiredOption(
      "--from <time>",
      "start of the range, UTC: a day (2026-01-31) or a second (2026-01-31T18:30:00Z)",
      utcTime,
    )
    .requiredOption("--to <time>", "end of the range, exclusive", utcTime)
    .option("--max-events <n>", "stop after this many events", wholeNumber(maxEvents.min, maxEvents.max))
    .option(
      "--requests-per-minute <n>",
      "maximum requests per minute to the tenant",
      wholeNumber(requestsPerMinute.min, requestsPerMinute.max),
    )
    .option("--allow-overlap", "allow a range that overlaps another export (creates duplicates)")
    .addOption(
      new Option(
        "--fan-out <slices>",
        "split the range into this many slices, which the state machine of a deployed exporter exports in parallel",
      )
        .argParser(wholeNumber(1, 1000))
        .conflicts(["lake", "maxEvents"]),
    )
    .option("--estimate", "count the events and exit")
    .option("--yes", "do not ask for confirmation")
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  addClientOption(command);
  addFilterOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  vectra-cdr backfill --from 2026-01-01 --to 2026-02-01 --lake ./lake --estimate
  vectra-cdr backfill --from 2026-01-01 --to 2026-02-01 --function vectra-cdr-exporter --requests-per-minute 60
`,
    )
    .action((options: Options) =>
      withTarget(options, "export", streams, (target) => backfill(target, options, streams)),
    );
}

/** A way to export the range: run after run, or slices in parallel. */
interface Way {
  estimate(): Promise<BackfillEstimate>;
  /** The question to confirm. */
  question(): Promise<string>;
  /** @param report receives progress. */
  export(
    estimate: BackfillEstimate,
    report: (text: string) => void,
  ): Promise<{ result: unknown; text: string }>;
}

/** Estimates, asks, exports. @throws Error if it is refused or not confirmed. */
export async function backfill(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  const { from, to, maxEvents, requestsPerMinute, allowOverlap = false, json } = options;
  if (from >= to) {
    throw new UsageError(`--from (${from}) must be before --to (${to}).`);
  }
  const { name } = oneTenantOf(target, options.tenant);
  const request = { range: { from, to }, maxEvents, requestsPerMinute, allowOverlap, estimate: false };
  const way =
    options.fanOut === undefined
      ? runAfterRun(target, name, request, streams)
      : sideBySide(target, name, request, options.fanOut);
  const estimate = await during(streams, `${name}: counting the events`, () => way.estimate());
  if (json !== true) {
    streams.out(estimateText(estimate, request));
  }
  const { events, overlap, unfinished = false } = estimate;
  // A run that was killed after its last event has not recorded that the range is done.
  const isDone = events === 0 && overlap === null && !unfinished;
  if (options.estimate === true || isDone) {
    streams.out(json === true ? jsonDocument({ estimate }) : "");
    return;
  }
  if (overlap !== null && !allowOverlap) {
    throw new Error(overlap);
  }
  if (events > 0 || overlap !== null) {
    await confirm(streams, await way.question(), options.yes);
  }
  const { result, text } = await during(streams, `${name}: exporting`, (say) =>
    way.export(estimate, (progress) => say(`${name}: exporting, ${progress}`)),
  );
  streams.out(json === true ? jsonDocument({ estimate, result }) : text);
}

function runAfterRun(
  target: ExporterTarget,
  name: string,
  request: BackfillInvocation,
  streams: Streams,
): Way {
  const { maxEvents = Number.POSITIVE_INFINITY } = request;
  return {
    estimate: () => target.estimateBackfill(name, request),
    question: async () =>
      Number.isFinite(maxEvents) ? `Export at most ${counted(maxEvents, "event")}?` : "Export them?",
    export: async ({ events }, report) => {
      const result = await runUntilDone(
        (done) =>
          target.backfill(name, {
            ...request,
            ...given({ maxEvents: Number.isFinite(maxEvents) ? maxEvents - done : undefined }),
          }),
        (done) =>
          report(`${done.toLocaleString("en-US")} of ${counted(Math.min(events, maxEvents), "event")}`),
        maxEvents,
        streams,
      );
      if (result.outcome === "lease-held") {
        throw new Error(
          "Another run of this backfill is in progress; status shows how long its lease lasts.",
        );
      }
      return { result, text: runReport(result) };
    },
  };
}

function sideBySide(target: ExporterTarget, name: string, request: BackfillInvocation, windows: number): Way {
  const fanOut = fanOutOf(target);
  return {
    estimate: () => fanOut.estimate(name, request, windows),
    question: async () =>
      `Export them in ${counted(windows, "slice")}, ${await fanOut.concurrency()} at once?`,
    export: async (_, report) => {
      const result = await fanOut.run(name, request, windows, ({ total, ended, running }) =>
        report(`${ended} of ${counted(total, "slice")} ended, ${running} running`),
      );
      const { execution, resumed } = result;
      const what = resumed ? "exported by an existing execution" : "exported";
      return { result, text: `${name}: ${counted(windows, "slice")} ${what}, ${execution}\n` };
    },
  };
}

function fanOutOf({ fanOut, title }: ExporterTarget): FanOut {
  if (fanOut === undefined) {
    throw new UsageError(`--fan-out requires a deployed exporter; this one is ${title}.`);
  }
  return fanOut;
}

function estimateText(
  { tenant, events, overlap }: BackfillEstimate,
  { range, allowOverlap }: BackfillInvocation,
): string {
  const count = `${tenant}: ${counted(events, "event")} to export from ${range.from} to ${range.to}\n`;
  return overlap === null
    ? count
    : `${count}${allowOverlap ? "Continuing because of --allow-overlap: " : ""}${overlap}\n`;
}

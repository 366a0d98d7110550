import { Command } from "commander";
import type { RedriveResult } from "../../functions/security-lake-exporter/run/redrive.js";
import { visibleText } from "../../text/visible-text.js";
import type { DeadLetterRedrive, ExporterTarget } from "../exporters/exporter-target.js";
import { jsonDocument } from "../terminal/json.js";
import { asStep, during, type Streams } from "../terminal/streams.js";
import { type ChoosingOptions, tenantsOf, withTarget } from "./choose-target.js";
import { counted, objectLines } from "./run-report.js";
import { addClientOption, addLakeOptions, addTargetOptions } from "./target-options.js";

interface Options extends ChoosingOptions {
  readonly deadLetters?: true;
  readonly json?: true;
}

/** `vectra-cdr redrive`: exports events that could not be exported before. */
export function redriveCommand(streams: Streams): Command {
  const command = new Command("redrive")
    .description("Redrive quarantined events, or failed invocations")
    .option(
      "--dead-letters",
      "redrive the failed invocations of a deployed exporter, instead of the quarantine",
    )
    .option("--json", "one JSON document instead of text");
  addTargetOptions(command);
  addLakeOptions(command);
  addClientOption(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  vectra-cdr redrive --lake ./lake
  vectra-cdr redrive --function vectra-cdr-exporter --dead-letters

The exit code is 1 if anything is left over.
`,
    )
    .action((options: Options) =>
      withTarget(options, "write", streams, (target) => redrive(target, options, streams)),
    );
}

/** @throws Error if anything is left over. */
export async function redrive(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  await (options.deadLetters === true
    ? redriveDeadLetters(target, options, streams)
    : redriveQuarantines(target, options, streams));
}

async function redriveQuarantines(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  const results: (RedriveResult & { readonly tenant: string })[] = [];
  for (const { name } of tenantsOf(target, options.tenant)) {
    if (streams.interruption?.requested === true) {
      break;
    }
    const result = await during(streams, `${name}: redriving the quarantine`, () =>
      asStep(streams, () => target.redriveQuarantine(name)),
    );
    results.push({ tenant: name, ...result });
    streams.out(options.json === true ? "" : quarantineReport(name, result));
  }
  if (options.json === true) {
    streams.out(jsonDocument({ results }));
  }
  failWhereLeft(
    results.reduce((sum, { remaining }) => sum + remaining.length, 0),
    "event",
    "in quarantine",
  );
}

function quarantineReport(tenant: string, { redriven, filtered, remaining, objects }: RedriveResult): string {
  if (redriven === 0 && filtered === 0 && remaining.length === 0) {
    return `${tenant}: the quarantine is empty\n`;
  }
  const reasons = remaining
    .map(({ key, reason }) => `  ${visibleText(`event ${key}: ${reason}`)}\n`)
    .join("");
  const left = filtered === 0 ? "" : `, ${filtered} filtered out`;
  return `${tenant}: ${counted(redriven, "event")} redriven${left}, ${remaining.length} still in quarantine\n${objectLines(objects)}${reasons}`;
}

async function redriveDeadLetters(target: ExporterTarget, options: Options, streams: Streams): Promise<void> {
  const { deadLetters, title } = target;
  if (deadLetters === undefined) {
    throw new Error(`No dead letters in ${title}: only a deployed exporter has them.`);
  }
  const result = await during(streams, "Repeating failed invocations", () =>
    asStep(streams, () => deadLetters.redrive()),
  );
  streams.out(options.json === true ? jsonDocument(result) : deadLetterReport(result));
  failWhereLeft(result.remaining.length, "invocation", "among the dead letters");
}

function deadLetterReport({ redriven, remaining }: DeadLetterRedrive): string {
  if (redriven.length === 0 && remaining.length === 0) {
    return "No dead letters.\n";
  }
  const lines = [
    ...redriven.map(
      ({ payload, messages }) => `${JSON.stringify(payload)}: done, ${counted(messages, "message")} deleted`,
    ),
    ...remaining.map(
      ({ payload, messages, reason }) =>
        `${JSON.stringify(payload)}: failed again, ${counted(messages, "message")} kept: ${reason}`,
    ),
  ];
  return lines.map((line) => `${visibleText(line)}\n`).join("");
}

function failWhereLeft(left: number, noun: string, where: string): void {
  if (left > 0) {
    throw new Error(`${counted(left, noun)} ${left === 1 ? "is" : "are"} still ${where}.`);
  }
}
